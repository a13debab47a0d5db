import type { Command } from 'commander';
import { ENDED_STATES, type RunState } from '../../contract/outcome.ts';
import { fromUnknown, OptioError } from '../../errors.ts';
import { COMMAND } from '../command.ts';
import { collectPair, readDuration } from '../flags/flag-values.ts';
import { forEachRun } from '../naming/each-run.ts';
import { namedRun } from '../naming/named-run.ts';
import { readRuns } from '../naming/run-pages.ts';
import type { Invocation } from '../program.ts';
import { confirm } from '../terminal/confirm.ts';
import { counted } from '../terminal/text.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

interface RmFlags extends CommonFlags {
  readonly ended?: boolean;
  readonly olderThan?: number;
  readonly tag?: Record<string, string>;
  readonly force?: boolean;
}

/** `rm`: runs that are needed no more. */
export function addRm(program: Command, invocation: Invocation): void {
  program
    .command('rm')
    .description('Remove runs that have ended, with all that they have begun; workspaces stay')
    .argument('[run...]', RUN_HELP)
    .option('--ended', 'instead: all that have ended')
    .option('--older-than <duration>', 'instead: all that ended longer ago than this, such as 30d', readDuration)
    .option('--tag <name=value>', 'with either: only those with this tag (repeatable)', collectPair)
    .option('-f, --force', 'do not ask')
    .option(...JSON_FLAG)
    .action((names: string[], flags: RmFlags) => {
      const { ended = false, olderThan, tag, force = false } = flags;
      const isBulk = ended || olderThan !== undefined;
      if (names.length > 0 === isBulk) throw eitherOr();
      if (tag && !isBulk) throw new OptioError('invalid-input', '--tag belongs to --ended', { remedy: 'Add --ended.' });
      const { complaints } = invocation;
      return onApi(invocation, flags, async (api, report) => {
        const telling = { report, complaints, told: (id: string) => `${id} is removed.` };
        const remove = async (name: string) => {
          const run = await namedRun(api, name);
          await run.remove();
          return run.id;
        };
        if (!isBulk) return forEachRun(names, remove, telling);
        const filter = { states: ENDED_STATES as RunState[], ...(tag && { metadata: tag }) };
        const read = (isArchived: boolean) => readRuns(api, { ...filter, isArchived }, Number.POSITIVE_INFINITY);
        const runs = [...(await read(false)).runs, ...(await read(true)).runs];
        const before = report.now - (olderThan ?? 0);
        const ids = runs.filter(({ endedAt }) => endedAt !== null && Date.parse(endedAt) <= before).map(({ id }) => id);
        if (ids.length > 0 && !force) {
          const what = `Remove ${counted(ids.length, 'run')} and all that is known of what happened?`;
          if (!(await confirm(what, '--force', invocation))) return 1;
        }
        if (ids.length === 0 && !report.isJson) report.say(null, () => ['There is nothing to remove.']);
        // Another one may have taken it along: what a run has begun goes with it.
        const removeIfThere = (id: string) =>
          remove(id).catch((thrown) => {
            if (fromUnknown(thrown).code === 'not-found') return undefined;
            throw thrown;
          });
        return forEachRun(ids, removeIfThere, telling);
      });
    })
    .addHelpText('after', HELP);
}

function eitherOr(): OptioError {
  return new OptioError('invalid-input', 'name the runs, or say --ended or --older-than', {
    remedy: `For example ${COMMAND} rm @last, or ${COMMAND} rm --older-than 30d.`,
  });
}

const HELP = `
Examples:
  ${COMMAND} rm @last
  ${COMMAND} rm --older-than 30d
  ${COMMAND} rm --ended --tag batch=7 -f`;
