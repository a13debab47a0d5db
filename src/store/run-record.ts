import type { Budget } from '../contract/budget.ts';
import type { ErrorRecord, RunOutcome, RunState } from '../contract/outcome.ts';
import type { RunFilter as PublicFilter } from '../contract/run-query.ts';
import type { RunDigest } from '../contract/run-summary.ts';

/** One execution of a task, as it is kept. */
export interface RunRecord {
  readonly id: string;
  readonly taskId: string;
  /** What it is called: as its launch said, or its task. */
  readonly name: string;
  readonly state: RunState;
  /** The name of the host on which it runs. */
  readonly host: string;
  /** Grows each time somebody takes the run over; every write names it. */
  readonly claim: number;
  readonly attempt: number;
  /** The number of its newest event. */
  readonly lastSeq: number;
  /** Higher ones begin first. */
  readonly priority: number;
  /** How much it may use; null without limits. */
  readonly budget: Budget | null;
  /** The task as it was at the launch, where it is plain data; null for one that only a program can bring. */
  readonly definition: unknown;
  readonly params: unknown;
  /** Tags to find it by. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly parentId: string | null;
  /** The topmost ancestor; its own id when it has no parent. */
  readonly rootId: string;
  /** Its name among the children of its parent. */
  readonly childKey: string | null;
  /** The attempt of its parent that has begun it. */
  readonly parentAttempt: number | null;
  readonly createdAt: string;
  /** The time of its task's schedule for which it was launched; null when somebody launched it. */
  readonly scheduledFor: string | null;
  /** It does not begin before this time. */
  readonly notBefore: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** How long it is kept after its end, in milliseconds; null for ever, and for what another run has begun. */
  readonly ttlMs: number | null;
  /** It is removed after this time, with all that it has begun; known from its end on. */
  readonly expiresAt: string | null;
  /** The order to stop; null while nobody has given it. */
  readonly cancel: CancelOrder | null;
  /** What its task has written down to go on from. */
  readonly checkpoint: unknown;
  readonly outcome: RunOutcome | null;
  /** The run that it repeats; null when it repeats none. */
  readonly retryOf: string | null;
  /** What it had come to when that was written last; null while nothing of it is known. */
  readonly digest: RunDigest | null;
}

/** The idempotency key of a launch, and a print of what was asked for with it. */
export interface LaunchKey {
  readonly key: string;
  readonly print: string;
}

/** The order to stop, as it was given first: a later one changes nothing of it. */
export interface CancelOrder {
  readonly reason: string;
  /** After this time the run is let go; the same for all that it has begun. */
  readonly deadline: string;
  /** How long that was when the order was given, in milliseconds: clocks are set back. */
  readonly graceMs: number;
  /** Somebody; the run above, which stops itself; or the run above, since another of its children has failed. */
  readonly from: 'outside' | 'parent' | 'sibling';
}

export type NewRun = Pick<RunRecord, 'id' | 'taskId'> &
  Partial<
    Pick<
      RunRecord,
      | 'name'
      | 'host'
      | 'priority'
      | 'ttlMs'
      | 'budget'
      | 'definition'
      | 'params'
      | 'metadata'
      | 'parentId'
      | 'rootId'
      | 'childKey'
      | 'parentAttempt'
      | 'createdAt'
      | 'notBefore'
      | 'name'
      | 'retryOf'
    >
  > & {
    /** There is one run for each key. */
    readonly launchKey?: LaunchKey | undefined;
    /** It is not added unless its parent is held under this claim, and in one of these states. */
    readonly parent?: { readonly claim: number; readonly states: readonly RunState[] };
  };

/** What of a run may change; what is left out stays. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    | 'state'
    | 'attempt'
    | 'budget'
    | 'notBefore'
    | 'startedAt'
    | 'endedAt'
    | 'expiresAt'
    | 'cancel'
    | 'checkpoint'
    | 'outcome'
    | 'digest'
    | 'priority'
  >
>;

export interface RunFilter extends PublicFilter {
  readonly ids?: readonly string[];
  readonly childKey?: string;
}

/** What lists tell of a run. However much else is kept of it, this is little, and quickly read. */
export interface RunEntry
  extends Pick<
    RunRecord,
    | 'id'
    | 'taskId'
    | 'name'
    | 'state'
    | 'host'
    | 'attempt'
    | 'priority'
    | 'metadata'
    | 'parentId'
    | 'rootId'
    | 'createdAt'
    | 'scheduledFor'
    | 'notBefore'
    | 'startedAt'
    | 'endedAt'
    | 'expiresAt'
    | 'cancel'
    | 'digest'
  > {
  /** Why it has failed; null when it has not. */
  readonly error: ErrorRecord | null;
  /** How many of its requests wait for an answer. */
  readonly openRequests: number;
  /** Since when it is in the archive; null when it is not. */
  readonly archivedAt: string | null;
}

export interface EntryPage {
  readonly entries: RunEntry[];
  /** The cursor of the next page; null when this is the last. */
  readonly next: string | null;
}
