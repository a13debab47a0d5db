import type { RunSummary } from '../../../src/contract/run-summary.ts';

/** A run where it stands among those that it has begun, and that have begun it. */
export interface TreeRow {
  readonly run: RunSummary;
  /** How many of its ancestors are shown above it. */
  readonly depth: number;
  /** Of those below it; null where there are none. */
  readonly below: Below | null;
  readonly isOpen: boolean;
}

export interface Below {
  readonly runs: number;
  readonly underWay: number;
  readonly failed: number;
}

/**
 * Runs in their order, each with those below it right after it. Where one is closed, only those below it are shown that failed or
 * wait for somebody. A tree stands where the first of its runs would: one that waits lifts it.
 */
export function treeOf(runs: readonly RunSummary[], isOpen: (run: RunSummary) => boolean): TreeRow[] {
  const known = new Map(runs.map((run) => [run.id, run]));
  const children = new Map<string, RunSummary[]>();
  for (const run of runs) {
    if (run.parentId === null || !known.has(run.parentId)) continue;
    const siblings = children.get(run.parentId);
    if (siblings) siblings.push(run);
    else children.set(run.parentId, [run]);
  }
  // Most lists have none, and are long.
  if (children.size === 0) return runs.map((run) => ({ run, depth: 0, below: null, isOpen: false }));
  const rows: TreeRow[] = [];
  const placed = new Set<string>();
  const place = (run: RunSummary, depth: number, isShown: boolean) => {
    placed.add(run.id);
    const own = children.get(run.id) ?? [];
    const isOwnOpen = own.length > 0 && isOpen(run);
    if (isShown || matters(run)) rows.push({ run, depth, below: belowOf(own, children), isOpen: isOwnOpen });
    for (const child of own.toSorted(firstFirst)) place(child, depth + 1, isShown && isOwnOpen);
  };
  for (const run of runs) {
    const top = topOf(run, known);
    if (!placed.has(top.id)) place(top, 0, true);
  }
  return rows;
}

/** It is shown wherever it is. */
function matters({ state, openRequests }: RunSummary): boolean {
  return state === 'failed' || openRequests > 0;
}

function topOf(run: RunSummary, known: ReadonlyMap<string, RunSummary>): RunSummary {
  let top = run;
  for (;;) {
    const above = top.parentId === null ? undefined : known.get(top.parentId);
    if (!above) return top;
    top = above;
  }
}

function belowOf(own: readonly RunSummary[], children: ReadonlyMap<string, readonly RunSummary[]>): Below | null {
  if (own.length === 0) return null;
  let [runs, underWay, failed] = [0, 0, 0];
  for (const run of own) {
    const below = belowOf(children.get(run.id) ?? [], children);
    runs += 1 + (below?.runs ?? 0);
    underWay += (run.endedAt === null ? 1 : 0) + (below?.underWay ?? 0);
    failed += (run.state === 'failed' ? 1 : 0) + (below?.failed ?? 0);
  }
  return { runs, underWay, failed };
}

/** Children stand in the order in which they were begun. */
function firstFirst(a: RunSummary, b: RunSummary): number {
  return a.createdAt < b.createdAt ? -1 : a.createdAt > b.createdAt ? 1 : a.id < b.id ? -1 : 1;
}

/** `3 runs below, 1 under way, 1 failed`. */
export function belowInWords({ runs, underWay, failed }: Below): string {
  const parts = [`${runs} ${runs === 1 ? 'run' : 'runs'} below`];
  if (underWay > 0) parts.push(`${underWay} under way`);
  if (failed > 0) parts.push(`${failed} failed`);
  return parts.join(', ');
}
