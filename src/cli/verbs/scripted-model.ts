import { type Command, InvalidArgumentError } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import type { Invocation } from '../program.ts';
import { CtrlC } from '../terminal/ctrl-c.ts';
import { jsonLine } from '../terminal/text.ts';

/** What the documentation calls it by. */
const PORT = 4321;

interface ModelFlags {
  readonly port?: number;
  readonly json?: boolean;
}

/** `scripted-model`: a provider without a model, for whoever tries things by hand. */
export function addScriptedModel(program: Command, { output }: Invocation): void {
  program
    .command('scripted-model')
    .description('Serve a model that does what its prompt says: no account, no cost')
    .option('--port <number>', `the port to listen on (${PORT}); 0 takes any free one`, readPort)
    .option('--json', 'print the address as JSON')
    .action(async ({ port = PORT, json = false }: ModelFlags) => {
      await using model = await start(port);
      const { url } = model;
      if (json) output.write(jsonLine({ url }));
      else output.write(`${url}\n  try  ${COMMAND} run --provider ${url} --model any '!run date'\nCtrl-C stops it.\n`);
      await untilSignalled();
    })
    .addHelpText('after', HELP);
}

async function start(port: number) {
  const { ScriptedModel } = await import('../../testing/model.ts');
  try {
    return await ScriptedModel.start({ port });
  } catch (cause) {
    throw new OptioError('invalid-config', `the port ${port} cannot be listened on: ${(cause as Error).message}`, {
      cause,
      field: 'port',
      remedy: 'Name another one with --port, or any free one: --port 0.',
    });
  }
}

async function untilSignalled(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  const ctrlC = new CtrlC({ onFirst: end, onSecond: end });
  await promise;
  ctrlC.release();
}

function readPort(value: string): number {
  const port = Number(value);
  if (/^\d+$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError(`"${value}" is not a valid port.`);
}

const HELP = `
Each line of a prompt that begins with ! is a step: !say TEXT, !run COMMAND, !escalate COMMAND -- WHY, !write PATH CONTENT,
!ask QUESTION | ANSWER | ANSWER, !plan x DONE | TO DO, !pause MS. A prompt without steps is repeated as the answer.

Examples, in another terminal:
  ${COMMAND} run --provider http://127.0.0.1:${PORT}/v1 --model any '!run date'
  ${COMMAND} run --provider http://127.0.0.1:${PORT}/v1 --model any '!escalate touch /etc/x -- I would like to'`;
