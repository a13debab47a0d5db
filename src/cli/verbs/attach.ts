import type { Command } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { namedRun } from '../naming/named-run.ts';
import { onlyRun } from '../naming/only-run.ts';
import type { Invocation } from '../program.ts';
import { onApi, RUN_HELP } from '../verb.ts';
import { watchRun } from '../watching/watch.ts';

interface AttachFlags {
  readonly yes?: boolean;
  readonly readOnly?: boolean;
  readonly json?: boolean;
}

/** `attach`: a run that somebody else has begun, as `run` shows its own. */
export function addAttach(program: Command, invocation: Invocation): void {
  program
    .command('attach')
    .description('Talk with a run at the terminal: see all of it, type, approve')
    .argument('[run]', `${RUN_HELP}; the only one that has not ended, unless given`)
    .option('-y, --yes', 'allow what is asked for')
    .option('-r, --read-only', 'only look')
    .option('--json', "print the journal's events as JSON lines")
    .action(async (name: string | undefined, { yes = false, readOnly = false, json = false }: AttachFlags) => {
      const { output, complaints, settings } = invocation;
      await onApi(invocation, { json }, async (api) => {
        const run = await (name === undefined ? onlyRun(api) : namedRun(api, name));
        const { problem } = await run.details();
        if (problem) {
          throw new OptioError('conversation-not-ready', `nobody here can go on with run ${run.id}: ${problem}`, {
            remedy: 'Start the program that defines its task.',
          });
        }
        const watching = { output, complaints, settings, json, yes, isAttached: true, isReadOnly: readOnly };
        return watchRun(run, watching);
      });
    })
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} attach                 the only unfinished run
  ${COMMAND} attach @last           the newest one
  ${COMMAND} attach run-01a21534    a run by the beginning of its id

It shows all of the run from its beginning, and under that a line to type in. What you type goes
into the running turn; between turns it is the next message. /help tells what else there is.
Ctrl-C interrupts the turn; pressed again it leaves, as Ctrl-D and /detach do: the run goes on.

Exit codes: those of the run; 0 when you leave. Without a terminal, and with --read-only, it only
looks: what is asked is left to somebody else, and a signal ends nothing but attach.
Without a name, and where several runs are unfinished, attach lists them.`;
