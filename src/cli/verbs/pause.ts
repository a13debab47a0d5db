import type { Command } from 'commander';
import { COMMAND } from '../command.ts';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';

interface PauseFlags extends CommonFlags {
  readonly reason?: string;
}

/** `pause`: no other turn begins until the run is resumed. */
export function addPause(program: Command, invocation: Invocation): void {
  program
    .command('pause')
    .description('End the running turn and begin no other, until the run is resumed')
    .argument('<run>', RUN_HELP)
    .option('--reason <text>', 'why, for whoever looks')
    .option(...JSON_FLAG)
    .action((name: string, flags: PauseFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        await run.pause(flags.reason);
        report.say({ run: run.id }, () => [`It is paused. To go on: ${COMMAND} resume ${run.id}`]);
      }),
    );
}
