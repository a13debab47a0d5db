import type { Command } from 'commander';
import type { OptioApi } from '../../contract/api.ts';
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
        const isTurning = await hasTurn(api, run.id);
        await run.interrupt();
        const said = isTurning ? 'Its turn ends. Say how to go on' : 'No turn is under way. Say what to do';
        report.say({ run: run.id }, () => [`${said}: ${COMMAND} send ${run.id} "…"`]);
      }),
    );
}

/** What a run does just now only a list tells. */
async function hasTurn(api: OptioApi, runId: string): Promise<boolean> {
  const { runs } = await api.list({ search: runId });
  return runs.some(({ id, digest }) => id === runId && digest.activity !== null);
}
