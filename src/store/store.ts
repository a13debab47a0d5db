import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome, RunState } from '../contract/outcome.ts';
import type { Answer, Request } from '../contract/request.ts';

/** What survives a restart. Each part of it is a role; whoever needs one is given that and no more. */
export interface Store extends AsyncDisposable {
  readonly runs: Runs;
  readonly journal: Journal;
  readonly requests: Requests;
  readonly blobs: Blobs;
  /** Finishes what was begun, and lets another process have it. */
  close(): Promise<void>;
}

/** One execution of a task, as it is kept. */
export interface RunRecord {
  readonly id: string;
  readonly taskId: string;
  readonly state: RunState;
  /** Grows each time somebody takes the run over; every write names it. */
  readonly claim: number;
  readonly attempt: number;
  /** The number of its newest event. */
  readonly lastSeq: number;
  /** Higher ones begin first. */
  readonly priority: number;
  /** The task as it was at the launch, where it is plain data; null for one that only a program can bring. */
  readonly definition: unknown;
  readonly params: unknown;
  /** Tags to find it by. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly parentId: string | null;
  /** The topmost ancestor; its own id when it has no parent. */
  readonly rootId: string;
  readonly createdAt: string;
  /** It does not begin before this time. */
  readonly notBefore: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** It is removed after this time. */
  readonly expiresAt: string | null;
  /** What its task has written down to go on from. */
  readonly checkpoint: unknown;
  readonly outcome: RunOutcome | null;
}

export type NewRun = Pick<RunRecord, 'id' | 'taskId'> &
  Partial<
    Pick<
      RunRecord,
      'priority' | 'definition' | 'params' | 'metadata' | 'parentId' | 'rootId' | 'createdAt' | 'notBefore'
    >
  >;

/** What of a run may change; what is left out stays. */
export type RunChange = Partial<
  Pick<
    RunRecord,
    'state' | 'attempt' | 'notBefore' | 'startedAt' | 'endedAt' | 'expiresAt' | 'checkpoint' | 'outcome' | 'priority'
  >
>;

export interface RunFilter {
  readonly states?: readonly RunState[];
  readonly taskId?: string;
  readonly parentId?: string;
  readonly rootId?: string;
  /** Each of these tags has to have this value. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface Runs {
  /** Writes down a new run, in the state `scheduled`, on disk when it resolves. */
  add(run: NewRun): Promise<RunRecord>;
  find(id: string): Promise<RunRecord | undefined>;
  /** Oldest first. */
  list(filter?: RunFilter): Promise<RunRecord[]>;
  /** Takes a run over: from now on writes under the older claim are refused. Throws `not-found`. */
  claim(id: string): Promise<RunRecord>;
  /** Removes a run, its journal and its requests. */
  remove(id: string): Promise<void>;
}

/** A piece of a journal to be written, and what of the run changes with it: all of it is kept, or nothing. */
export interface JournalEntry {
  readonly runId: string;
  readonly claim: number;
  /** Numbered on from the newest that was written. */
  readonly events: readonly RunEvent[];
  readonly change?: RunChange;
  /** The states in which the run has to be for that. */
  readonly from?: readonly RunState[];
  /** On disk when it resolves; otherwise it survives the death of this process, and not that of the machine. */
  readonly isDurable?: boolean;
}

export interface Journal {
  /**
   * Resolves when it is written. Throws `claim-lost` when the run was taken over, `state-changed` when it is in none of
   * the states of `from`; `store-full` and `store-failed` when nothing was written.
   */
  append(entry: JournalEntry): Promise<void>;
  /** The events after this number, oldest first: as many as fit into a page. Empty when there are no more. */
  read(runId: string, after: number): Promise<RunEvent[]>;
  /** Puts one marker in the place of each of these ranges of events, both ends included. */
  compact(runId: string, ranges: readonly JournalRange[]): Promise<void>;
}

export interface JournalRange {
  readonly from: number;
  readonly to: number;
}

/** A request of Codex's, as it is kept: who answered what, when, and by which rule. */
export interface RequestRecord {
  readonly runId: string;
  readonly request: Request;
  readonly state: 'open' | 'answered' | 'closed';
  readonly openedAt: string;
  readonly answer: Answer | null;
  readonly by: string | null;
  readonly closedAt: string | null;
}

export interface Requests {
  find(runId: string, requestId: string): Promise<RequestRecord | undefined>;
  /** Oldest first; of one run, or of all. */
  open(runId?: string): Promise<RequestRecord[]>;
  /**
   * Writes down an answer, on disk when it resolves. The first one holds: false when the request was not open any
   * more.
   */
  answer(runId: string, requestId: string, given: { readonly answer: Answer; readonly by: string }): Promise<boolean>;
}

/** Contents that are too large for a journal. */
export interface Blobs {
  /** Keeps a content, once however often it is given; the result names it. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<string>;
  /** Throws `not-found`. */
  read(id: string): Promise<AsyncIterable<Uint8Array>>;
  remove(id: string): Promise<void>;
}
