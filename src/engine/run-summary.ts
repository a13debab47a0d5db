import { createDigest, toDigest } from '../contract/digest.ts';
import type { RunDigest, RunSummary } from '../contract/run-summary.ts';
import type { RunEntry, RunRecord } from '../store/store.ts';

/** What there is to say of a run besides what the store has. */
export interface Besides extends Pick<RunSummary, 'openRequests' | 'problem' | 'archivedAt'> {
  /** What it has come to, where this process works on it and knows. */
  readonly digest?: RunDigest | undefined;
}

/** What of a run is for everybody to see. */
export function summarize(
  run: RunEntry | RunRecord,
  { openRequests, problem, archivedAt, digest }: Besides,
): RunSummary {
  const { id, taskId, name, state, attempt, priority, host, metadata, parentId, rootId } = run;
  const { createdAt, scheduledFor, notBefore, startedAt, endedAt, expiresAt, cancel } = run;
  return {
    ...{ id, taskId, name, state, problem, openRequests, attempt, priority, host, metadata, parentId, rootId },
    ...{ createdAt, scheduledFor, notBefore, startedAt, endedAt, expiresAt, archivedAt },
    cancelReason: cancel?.reason ?? null,
    error: ('error' in run ? run.error : run.outcome?.error) ?? null,
    digest: digest ?? asWritten(run),
  };
}

/** What was written of it last. Of what it did then it does nothing any more, when nobody works on it. */
function asWritten({ digest, state }: Pick<RunRecord, 'digest' | 'state'>): RunDigest {
  if (!digest) return NOTHING;
  // An older program has written less.
  return { ...NOTHING, ...digest, isIdle: false, activity: state === 'paused' ? digest.activity : null };
}

const NOTHING = toDigest(createDigest());
