import { useMemo } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { type Loaded, useLoaded } from '../design/use-loaded.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { relativesOf } from './relatives.ts';

/** Whether a run has begun others, or was begun by one: as far as the live list knows, and otherwise as the server says. */
export function useHasRelatives(run: RunSummary | undefined): boolean {
  const { runs } = useStore(feed.list);
  const reach = useStore(feed.reach);
  const isKnown = run !== undefined && (run.parentId !== null || relativesOf(run, runs.values()).length > 1);
  // What has begun others is in the live list with them, unless it is old or in the archive.
  const mayHaveMore = run !== undefined && !isKnown && (reach !== null || run.archivedAt !== null);
  const asked = useLoaded(mayHaveMore ? run.id : null, () => api.list({ parentId: run?.id ?? '', limit: 1 }));
  return isKnown || (asked.data?.runs.length ?? 0) > 0;
}

/** All runs of the tree of a run, the live ones as they are now. */
export function useRelatives(run: RunSummary | undefined): { readonly runs: readonly RunSummary[] } & Loaded<unknown> {
  const { runs: live } = useStore(feed.list);
  const mark = run ? [...live.values()].filter(({ rootId }) => rootId === run.rootId).length : 0;
  const page = useLoaded(run ? `${run.rootId} ${mark}` : null, () =>
    api.list({ rootId: run?.rootId ?? '', limit: 500 }),
  );
  const runs = useMemo(() => {
    if (!run) return [];
    const told = (page.data?.runs ?? []).map((one) => live.get(one.id) ?? one);
    return relativesOf(run, told);
  }, [run, page.data, live]);
  return { ...page, runs };
}
