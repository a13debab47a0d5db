import type { Command } from 'commander';
import { OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { collectPair } from '../flags/flag-values.ts';
import { forEachRun } from '../naming/each-run.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeOrder } from '../views/told-order.ts';

interface CancelFlags extends CommonFlags {
  readonly reason?: string;
  readonly tag?: Record<string, string>;
  readonly block?: boolean;
}

/** `cancel`: the order to stop. */
export function addCancel(program: Command, invocation: Invocation): void {
  program
    .command('cancel')
    .description('Give runs the order to stop, and all that they have begun')
    .argument('[run...]', RUN_HELP)
    .option('--reason <text>', 'why, for whoever looks')
    .option('--tag <name=value>', 'instead: all runs with this tag (repeatable: with all of them)', collectPair)
    .option('--block', 'with --tag: launch no more like them until they have ended')
    .option(...JSON_FLAG)
    .action((names: string[], flags: CancelFlags) => {
      const { reason = 'cancelled on the command line', tag: metadata, block = false } = flags;
      if (names.length > 0 === (metadata !== undefined)) throw eitherOr();
      if (block && !metadata)
        throw new OptioError('invalid-input', '--block belongs to --tag', { remedy: 'Name a tag.' });
      return onApi(invocation, flags, async (api, report) => {
        if (metadata) {
          const runs = await api.cancelGroup({ metadata }, { reason, block });
          report.say({ runs }, () => (runs.length > 0 ? runs.map(told) : ['No run with these tags is under way.']));
          return 0;
        }
        const said = new Map<string, string>();
        const cancel = async (name: string) => {
          const run = await namedRun(api, name);
          await run.cancel(reason);
          if (!report.isJson) said.set(run.id, await describeOrder(run, { told: 'is told to stop', aim: 'cancelled' }));
          return run.id;
        };
        const telling = { report, complaints: invocation.complaints, told: (id: string) => said.get(id) ?? told(id) };
        return forEachRun(names, cancel, telling);
      });
    })
    .addHelpText('after', HELP);
}

function told(id: string): string {
  return `${id} is told to stop.`;
}

function eitherOr(): OptioError {
  return new OptioError('invalid-input', 'name the runs, or a tag that they have', {
    remedy: `For example ${COMMAND} cancel @last, or ${COMMAND} cancel --tag team=red.`,
  });
}

const HELP = `
Examples:
  ${COMMAND} cancel @last
  ${COMMAND} cancel --tag batch=7 --block --reason "the branch is gone"

That they have stopped is told by ${COMMAND} wait RUN.`;
