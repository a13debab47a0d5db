import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

/** `interrupt`: the end of a turn, and not of its run. */
export function addInterrupt(program: Command, invocation: Invocation): void {
  program
    .command('interrupt')
    .description('End the running turn, with its commands; the run goes on')
    .argument('<run>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((name: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        await run.interrupt();
        report.say({ run: run.id }, () => [`Its turn ends. Say how to go on: ${COMMAND} send ${run.id} "…"`]);
      }),
    );
}
