import type { RunSummary } from '../contract/run-summary.ts';
import type { RunRecord } from '../store/store.ts';

/** What of a run is for everybody to see. */
export function summarize(
  record: RunRecord,
  { openRequests, problem }: Pick<RunSummary, 'openRequests' | 'problem'>,
): RunSummary {
  const { claim: _, lastSeq, definition, ttlMs, childKey, parentAttempt, cancel, checkpoint, ...rest } = record;
  const { name } = (definition ?? {}) as { readonly name?: unknown };
  return {
    ...rest,
    name: typeof name === 'string' && name !== '' ? name : record.taskId,
    problem,
    openRequests,
    cancelReason: cancel?.reason ?? null,
  };
}
