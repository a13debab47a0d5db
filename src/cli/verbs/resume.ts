import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

/** `resume`: a paused run goes on. */
export function addResume(program: Command, invocation: Invocation): void {
  program
    .command('resume')
    .description('Let a paused run go on with what the pause has cut')
    .argument('<run>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((name: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        await run.resume();
        report.say({ run: run.id }, () => [`It goes on. Watch it: ${COMMAND} attach ${run.id}`]);
      }),
    );
}
