import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { OptioError } from '../../errors.ts';
import type { Invocation } from '../program.ts';

/** Asks a person for something that nobody else may see: it is not shown as it is typed. Throws `invalid-input` for nothing. */
export async function askSecret(question: string, { input, complaints }: Invocation): Promise<string> {
  const unseen = new Writable({ write: (_piece, _encoding, done) => done() });
  const reader = createInterface({ input, output: unseen, terminal: true });
  reader.on('SIGINT', () => reader.close()); // the terminal hands Ctrl-C to us
  const closed = new Promise<undefined>((resolve) => void reader.once('close', () => resolve(undefined)));
  try {
    complaints.write(`${question} `);
    const typed = (await Promise.race([reader.question(''), closed]))?.trim();
    if (typed) return typed;
  } finally {
    reader.close();
    complaints.write('\n');
  }
  throw new OptioError('invalid-input', 'nothing was typed', { remedy: 'Type it, or send it to standard input.' });
}
