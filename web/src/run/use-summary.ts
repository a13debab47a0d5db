import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { useLoaded } from '../design/use-loaded.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { touched } from '../runs/run-acts.ts';

/** What lists tell of a run, also of one that the live list leaves out: an old one, or one in the archive. Nothing of `null`. */
export function useSummary(runId: string | null): RunSummary | undefined {
  const { runs } = useStore(feed.list);
  const status = useStore(feed.status);
  const missing = useStore(feed.missing);
  const acts = useStore(touched);
  const live = runId === null ? undefined : runs.get(runId);
  const isLeftOut = runId !== null && live === undefined && status === 'live' && missing === null;
  const loaded = useLoaded(isLeftOut ? `${runId} ${acts}` : null, async () => (await api.find(runId ?? '')).details());
  return live ?? (loaded.data?.id === runId ? loaded.data : undefined);
}
