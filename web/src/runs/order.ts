import type { RunSummary } from '../../../src/contract/run-summary.ts';

/** Those that wait for somebody first, then those that go on, then the rest; the newest first among equals. */
export function inOrder(runs: readonly RunSummary[]): RunSummary[] {
  return runs.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.createdAt < b.createdAt ? 1 : -1));
}

function rankOf({ openRequests, endedAt }: RunSummary): number {
  if (openRequests > 0) return 0;
  return endedAt === null ? 1 : 2;
}
