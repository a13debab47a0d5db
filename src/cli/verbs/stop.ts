import { type Command, InvalidArgumentError } from 'commander';
import type { StopReport } from '../../contract/server-info.ts';
import { stopServerLazily } from '../backend.ts';
import { COMMAND } from '../command.ts';
import type { Invocation } from '../program.ts';
import { jsonLine } from '../terminal/text.ts';
import { describeStop, describeStopping } from '../views/stop-view.ts';

const MINUTE_MS = 60_000;

interface StopFlags {
  readonly cancel?: boolean;
  readonly drain?: number;
  readonly json?: boolean;
}

/** `stop`: ends the server, and says what goes on without it. */
export function addStop(program: Command, invocation: Invocation): void {
  program
    .command('stop')
    .description('Stop the server; what is under way goes on without it')
    .option('--cancel', 'cancel what is under way, instead of leaving it')
    .option('--drain <minutes>', 'let what is under way come to its end, for so long', readMinutes)
    .option('--json', 'print what is left as JSON')
    .action(async ({ cancel = false, drain, json = false }: StopFlags) => {
      const { output, complaints } = invocation;
      const how = { cancel, ...(drain !== undefined && { drainMs: drain * MINUTE_MS }) };
      const onStopping = (stopping: StopReport) => {
        const line = describeStopping(stopping);
        if (line && !json) complaints.write(`${line}\n`);
      };
      const report = await stopServerLazily(how, { onStopping });
      if (json) output.write(jsonLine(report ?? null));
      else if (!report) output.write('No server runs here.\n');
      else for (const line of describeStop(report)) output.write(`${line}\n`);
      // Gone it is, as it was to be; but nothing was waited for, or cancelled.
      if (report?.hasDied && report.left.length > 0 && (cancel || drain)) invocation.exitCode = 1;
    })
    .addHelpText('after', HELP);
}

function readMinutes(value: string): number {
  const minutes = Number(value);
  if (value !== '' && minutes >= 0 && minutes <= 35_000) return minutes;
  throw new InvalidArgumentError(`"${value}" is not a valid number of minutes.`);
}

const HELP = `
Examples:
  ${COMMAND} stop                    what is under way goes on, and the next server takes it up
  ${COMMAND} stop --drain 10         what is under way has ten minutes to end, and is left then
  ${COMMAND} stop --drain 10 --cancel    and is cancelled then

While it waits, another stop leaves less time, or cancels; never the other way round.
Any command that needs a server starts one again.`;
