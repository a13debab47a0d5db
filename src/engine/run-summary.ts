import type { RunSummary } from '../contract/run-summary.ts';
import type { RunRecord } from '../store/store.ts';

/** What of a run is for everybody to see. */
export function summarize(
  record: RunRecord,
  { openRequests, problem }: Pick<RunSummary, 'openRequests' | 'problem'>,
): RunSummary {
  const { claim: _, lastSeq, definition, ttlMs, childKey, parentAttempt, cancel, checkpoint, ...others } = record;
  const { outcome, params, budget, retryOf, ...rest } = others;
  const { name } = (definition ?? {}) as { readonly name?: unknown };
  return {
    ...rest,
    name: record.name ?? (typeof name === 'string' && name !== '' ? name : record.taskId),
    problem,
    openRequests,
    error: outcome?.error ?? null,
    digest: {
      activity: null,
      model: null,
      effort: null,
      turns: outcome?.turns ?? 0,
      tokens: outcome?.usage.total ?? 0,
      contextTokens: null,
      contextWindow: null,
      progress: null,
      diff: { files: 0, added: 0, removed: 0 },
      lastEventAt: record.endedAt,
    },
    cancelReason: cancel?.reason ?? null,
  };
}
