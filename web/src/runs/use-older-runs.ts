import { useEffect, useMemo, useRef } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { api, feed } from '../live/api.ts';
import { Store, useStore } from '../live/store.ts';
import { type Filter, isEmpty, matches, toQuery } from './filter.ts';
import { NO_OLDER, type Older, OlderRuns } from './older-runs.ts';
import { touched } from './run-acts.ts';
import { useSettled } from './use-settled.ts';

const NONE = new Store<Older>(NO_OLDER);

export interface OlderParts extends Older {
  readonly more: () => void;
  /** Fetches all, and gives those that match; undefined when that did not work. */
  readonly all: () => Promise<readonly RunSummary[] | undefined>;
}

/**
 * The runs that match and are not in the live list: those that ended before it begins, and those in the archive. Whoever filters
 * wants to see some of them at once; whoever does not, when he comes to the end of the list.
 */
export function useOlderRuns(filter: Filter): OlderParts {
  const reach = useStore(feed.reach);
  const settled = useSettled(filter);
  const query = settled.isArchived || reach !== null ? toQuery(settled) : null;
  const key = query && JSON.stringify({ ...query, ...(!settled.isArchived && { endedBefore: reach }) });
  const older = useMemo(
    () => (key === null ? null : new OlderRuns((asked) => api.list(asked), JSON.parse(key))),
    [key],
  );
  const isWanted = !isEmpty(settled);
  useEffect(() => {
    if (isWanted) void older?.more();
  }, [older, isWanted]);
  const acts = useStore(touched);
  const seen = useRef(acts);
  useEffect(() => {
    if (seen.current === acts) return;
    seen.current = acts;
    void older?.reload();
  }, [older, acts]);
  const state = useStore(older?.state ?? NONE);
  const runs = useMemo(() => state.runs.filter((run) => matches(run, filter)), [state.runs, filter]);
  return {
    ...state,
    runs,
    more: () => void older?.more(),
    async all() {
      if (!older) return [];
      if (!(await older.all())) return undefined;
      return older.state.value.runs.filter((run) => matches(run, filter));
    },
  };
}
