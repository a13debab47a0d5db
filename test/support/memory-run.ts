import type { RunEvent } from '../../src/contract/event.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { MemoryRun, type MemoryRunOptions } from '../../src/task/memory.ts';

/** A run that nobody executes; its directories are for those tests to give that use them. */
export function makeRun(options: Partial<MemoryRunOptions> = {}): MemoryRun {
  const directories = { data: '/nowhere/data', run: '/nowhere/data/run', workspaces: '/nowhere/workspaces' };
  return new MemoryRun({ runId: 'run-1', host: new LocalHost(), directories, ...options });
}

export function endRun(run: MemoryRun): void {
  const usage = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
  run.emit({ type: 'run.ended', outcome: { status: 'done', text: '', durationMs: 0, usage, turns: 0 } });
}

/** The events that a reader gets who begins now and reads to the end of the run. */
export async function readEvents(run: MemoryRun, after = 0): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of run.events({ after })) events.push(event);
  return events;
}
