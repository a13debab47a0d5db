import { createInterface } from 'node:readline/promises';
import { OptioError } from '../../errors.ts';
import type { Invocation } from '../program.ts';

/** Asks a person for a yes. Throws `invalid-input` where nobody can be asked, and names the flag that says yes; only a yes is one. */
export async function confirm(question: string, flag: string, { input, complaints }: Invocation): Promise<boolean> {
  if (!input.isTTY || !complaints.isTerminal) {
    throw new OptioError('invalid-input', 'there is no terminal to ask at', { remedy: `Add ${flag} to say yes.` });
  }
  const reader = createInterface({ input, output: complaints.stream, terminal: true });
  reader.on('SIGINT', () => reader.close()); // the terminal hands Ctrl-C to us: it is no yes
  const closed = new Promise<undefined>((resolve) => void reader.once('close', () => resolve(undefined)));
  try {
    const typed = await Promise.race([reader.question(`${question} [y/N] `), closed]);
    return /^y(es)?$/i.test(typed?.trim() ?? '');
  } finally {
    reader.close();
  }
}
