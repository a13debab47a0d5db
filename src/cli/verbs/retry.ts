import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { DETACH_FLAG, type FollowFlags } from '../flags/launch-flags.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { followRun } from '../watching/follow.ts';

interface RetryFlags extends CommonFlags, FollowFlags {
  readonly key?: string;
}

/** `retry`: a run that has ended, once more. */
export function addRetry(program: Command, invocation: Invocation): void {
  program
    .command('retry')
    .description('Launch a run that has ended once more, as a new run')
    .argument('<run>', RUN_HELP)
    .option(...DETACH_FLAG)
    .option('--key <key>', 'launch it once, however often this is called with the same key')
    .option(...JSON_FLAG)
    .action((name: string, flags: RetryFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const { key } = flags;
        const again = await (await namedRun(api, name)).retry(key === undefined ? {} : { idempotencyKey: key });
        return followRun(again, invocation, report, flags);
      }),
    )
    .addHelpText('after', HELP);
}

const HELP = `
Examples:
  ${COMMAND} retry @last
  ${COMMAND} retry -d run-01a21534`;
