import type { OpenRequest, RunSummary } from '../contract/run-summary.ts';
import type { RunRecord } from '../store/store.ts';

/** What of a run is for everybody to see. */
export function summarize(record: RunRecord, open: readonly OpenRequest[]): RunSummary {
  const { claim: _, lastSeq, definition, ttlMs, childKey, parentAttempt, cancel, checkpoint, ...rest } = record;
  return {
    ...rest,
    openRequests: open.filter(({ runId }) => runId === record.id).length,
    cancelReason: cancel?.reason ?? null,
  };
}
