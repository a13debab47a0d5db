import type { RunUpdate } from '../../../src/contract/run-update.ts';

/** How far back a list of runs reaches: the time before which runs had ended that it leaves out; null when it has all. */
export function reachOf({ runs, isPartial }: Extract<RunUpdate, { type: 'snapshot' }>): string | null {
  if (!isPartial) return null;
  const ends = runs.flatMap(({ endedAt }) => (endedAt === null ? [] : [Date.parse(endedAt)]));
  // A run that ended at the same instant as the last one may be beyond it.
  return new Date(ends.length === 0 ? Date.now() + DAY_MS : Math.min(...ends) + 1).toISOString();
}

/** The clock of the server may be ahead of ours. */
const DAY_MS = 86_400_000;
