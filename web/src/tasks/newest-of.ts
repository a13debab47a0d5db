import type { RunSummary } from '../../../src/contract/run-summary.ts';

/** How many earlier runs of a task are told of. */
const MOST = 8;

/** The newest runs of a task besides one, the newest first. */
export function newestOf(runs: Iterable<RunSummary>, taskId: string, besides?: string): RunSummary[] {
  const own: RunSummary[] = [];
  for (const run of runs) if (run.taskId === taskId && run.id !== besides) own.push(run);
  return own.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)).slice(0, MOST);
}
