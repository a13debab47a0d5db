import { type Command, InvalidArgumentError } from 'commander';
import { stopServerLazily } from './backend.ts';
import type { Invocation } from './program.ts';
import { describeStop } from './stop-view.ts';
import { jsonLine } from './text.ts';

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
      const { output } = invocation;
      const report = await stopServerLazily({ cancel, ...(drain !== undefined && { drainMs: drain * MINUTE_MS }) });
      if (json) output.write(jsonLine(report ?? null));
      else if (!report) output.write('No server runs here.\n');
      else for (const line of describeStop(report)) output.write(`${line}\n`);
    });
}

function readMinutes(value: string): number {
  const minutes = Number(value);
  if (value !== '' && minutes >= 0 && minutes <= 35_000) return minutes;
  throw new InvalidArgumentError(`"${value}" is not a valid number of minutes.`);
}
