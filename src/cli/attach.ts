import type { Command } from 'commander';
import { OptioError } from '../errors.ts';
import { COMMAND } from './command.ts';
import { findRun } from './find-run.ts';
import type { Invocation } from './program.ts';
import { watchRun } from './watch.ts';
import { withApi } from './with-api.ts';

interface AttachFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `attach`: a run that somebody else has begun, as `run` shows its own. */
export function addAttach(program: Command, invocation: Invocation): void {
  program
    .command('attach')
    .description('Go on with a run whose process has ended, or look at one that is over')
    .argument('[run]', 'its id, or the beginning of it; the only one that has not ended, unless given')
    .option('-y, --yes', 'allow what is asked for')
    .option('--json', "print the journal's events as JSON lines")
    .action(async (name: string | undefined, { yes = false, json = false }: AttachFlags) => {
      const { output, complaints } = invocation;
      await withApi(invocation, async (api) => {
        const { id, problem } = await findRun(api, name);
        if (problem) {
          throw new OptioError('conversation-not-ready', `nobody here can go on with run ${id}: ${problem}`, {
            remedy: 'Start the program that defines its task.',
          });
        }
        return { code: await watchRun(await api.find(id), { output, complaints, json, yes, isAttached: true }) };
      });
    })
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} attach                 the only unfinished run
  ${COMMAND} attach run-01a21534    a run by the beginning of its id

run, demo and attach print the id of their run in their last lines. Without an id, and where
several runs are unfinished, attach lists them.
It shows all of the run from its beginning. Ctrl-C and questions are as with run; without a
terminal, whatever is asked is declined, as with run.`;
