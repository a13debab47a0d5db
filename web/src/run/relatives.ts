import type { RunSummary } from '../../../src/contract/run-summary.ts';

/** What of the tree of a run concerns it: itself, those above it, and all below it. */
export function relativesOf(run: Pick<RunSummary, 'id' | 'rootId'>, all: Iterable<RunSummary>): RunSummary[] {
  const tree = [...all].filter(({ rootId }) => rootId === run.rootId);
  const byId = new Map(tree.map((one) => [one.id, one]));
  const above = new Set(ancestorsOf(run.id, byId));
  return tree.filter(({ id }) => above.has(id) || ancestorsOf(id, byId).includes(run.id));
}

/** The run itself, what has begun it, what has begun that, and so on. */
function ancestorsOf(id: string, byId: ReadonlyMap<string, RunSummary>): string[] {
  const ids: string[] = [];
  for (let at: string | null = id; at !== null && !ids.includes(at); at = byId.get(at)?.parentId ?? null) ids.push(at);
  return ids;
}
