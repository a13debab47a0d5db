import type { Command } from 'commander';
import { namedRun } from '../naming/named-run.ts';
import type { Invocation } from '../program.ts';
import { type CommonFlags, JSON_FLAG, onApi, RUN_HELP } from '../verb.ts';
import { describeOrder } from '../views/told-order.ts';

/** `finish`: a run that waits for messages is over, and done. */
export function addFinish(program: Command, invocation: Invocation): void {
  program
    .command('finish')
    .description('Say that a run is over, and done')
    .argument('<run>', RUN_HELP)
    .option(...JSON_FLAG)
    .action((name: string, flags: CommonFlags) =>
      onApi(invocation, flags, async (api, report) => {
        const run = await namedRun(api, name);
        await run.finish();
        const said = report.isJson ? '' : await describeOrder(run, { told: 'is told that it is done', aim: 'done' });
        report.say({ run: run.id }, () => [said]);
      }),
    );
}
