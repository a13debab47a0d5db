import type { RunEvent, RunEventOf } from '../contract/event.ts';
import type { JournalPiece } from '../contract/journal-piece.ts';
import type { RunState } from '../contract/outcome.ts';
import type { Answer, Request } from '../contract/request.ts';
import type { RunQuery } from '../contract/run-query.ts';
import type { Changes } from './changes.ts';
import type { EntryPage, LaunchKey, NewRun, RunChange, RunEntry, RunFilter, RunRecord } from './run-record.ts';
import type { Search } from './search-record.ts';
import type { SeedLeases, Seeds } from './seed-record.ts';
import type { Fire, Tasks } from './task-record.ts';
import type { Tokens } from './token-record.ts';

export type {
  CancelOrder,
  EntryPage,
  LaunchKey,
  NewRun,
  RunChange,
  RunEntry,
  RunFilter,
  RunRecord,
} from './run-record.ts';
export type { TextQuery } from './search-record.ts';
export type {
  HeldLease,
  LeaseOrder,
  SeedFacts,
  SeedFindings,
  SeedLeases,
  SeedRecord,
  Seeds,
} from './seed-record.ts';
export type { Fire, TaskDefinition, TaskRecord, TaskRuns, Tasks } from './task-record.ts';
export type { TokenRecord, Tokens } from './token-record.ts';

/** What survives a restart. Each part of it is a role; whoever needs one is given that and no more. */
export interface Store extends AsyncDisposable {
  readonly tasks: Tasks;
  readonly runs: Runs;
  readonly journal: Journal;
  readonly requests: Requests;
  readonly messages: Messages;
  readonly search: Search;
  readonly blobs: Blobs;
  readonly launchBlocks: LaunchBlocks;
  readonly workspaces: Workspaces;
  readonly tokens: Tokens;
  readonly seeds: Seeds;
  readonly seedLeases: SeedLeases;
  readonly reserve: Reserve;
  /** Tells what is written of runs. */
  readonly changes: Pick<Changes, 'listen'>;
  /** Finishes what was begun, and lets another process have it. */
  close(): Promise<void>;
}

export interface Runs {
  /**
   * Writes down a new run, in the state `scheduled`, on disk when it resolves. `fire`: it is the run for this time of a
   * schedule, and there is only one; throws `state-changed` when somebody has dealt with that, or the task is paused. Where
   * its launch key has made a run already it gives that one, and throws `key-reused` when that was something else.
   */
  add(run: NewRun, fire?: Fire): Promise<RunRecord>;
  /** The run that was launched with this key, with the print of that launch. */
  findByKey(launchKey: string): Promise<({ readonly run: RunRecord } & Pick<LaunchKey, 'print'>) | undefined>;
  find(id: string): Promise<RunRecord | undefined>;
  /** All of each, oldest first. */
  list(filter?: RunFilter): Promise<RunRecord[]>;
  /** A part of a list of those that match, sorted. Throws `invalid-input` for a cursor that is none. */
  page(query: RunQuery): Promise<EntryPage>;
  /** Those that match, in no order. */
  entries(filter: RunFilter): Promise<RunEntry[]>;
  /**
   * Which runs may be meant: by an id, the beginning of one, a name, or `@last`. One when that is clear; of several the
   * newest, eleven at most.
   */
  resolve(reference: string): Promise<RunMatch[]>;
  /** How many there are, by state; none of a state that is left out. */
  count(): Promise<Partial<Record<RunState, number>>>;
  /** Takes a run over: from now on writes under the older claim are refused. Throws `not-found`. */
  claim(id: string): Promise<RunRecord>;
  /**
   * Removes a run, its journal, its requests, its messages, and what can be found of it. The newest events go first: whoever reads them just then comes
   * to their end.
   */
  remove(id: string): Promise<void>;
  /**
   * Lets a run that nobody has begun expire at this time, with all that it has begun; on disk when it resolves. False when
   * part of that has not ended, or it is not there.
   */
  expireNow(id: string, at: string): Promise<boolean>;
  /**
   * Puts a run that nobody has begun into the archive, with all that it has begun; on disk when it resolves. One that is there
   * stays as it is. False when part of that has not ended, or it is not there.
   */
  archive(id: string, at: string): Promise<boolean>;
  /** Takes it out again, on disk when it resolves. */
  unarchive(id: string): Promise<void>;
  /** Since when the run is in the archive of which this is the topmost ancestor; null when it is not. */
  archivedAt(rootId: string): Promise<string | null>;
  /** Some of the trees of runs that may be removed at this time, each as its ids, the root first: all of it has ended. */
  expired(at: string): Promise<string[][]>;
  /** When the next run expires; undefined when none does. */
  nextExpiry(): Promise<string | undefined>;
}

/** A run that somebody may mean. */
export type RunMatch = Pick<RunRecord, 'id' | 'name' | 'state' | 'createdAt'>;

/** A piece of a journal to be written, and what of the run changes with it: all of it is kept, or nothing. */
export interface JournalEntry {
  readonly runId: string;
  readonly claim: number;
  /** Numbered on from the newest that was written. */
  readonly events: readonly RunEvent[];
  /** The same as JSON, without numbers and times, where somebody has that by now. */
  readonly bodies?: readonly string[];
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
  read(runId: string, after: number): Promise<readonly RunEvent[]>;
  /** The same, for whoever may only send it on. */
  readPiece(runId: string, after: number): Promise<JournalPiece>;
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

export interface RequestBacklog {
  readonly count: number;
  /** Since when the oldest waits; null when none does. */
  readonly oldestAt: string | null;
}

export interface Requests {
  find(runId: string, requestId: string): Promise<RequestRecord | undefined>;
  /** Oldest first; of one run, of some, or of all. */
  open(runs?: string | readonly string[]): Promise<RequestRecord[]>;
  /** How many wait for an answer. */
  backlog(): Promise<RequestBacklog>;
  /**
   * Writes down an answer, on disk when it resolves. The first one holds: false when the request was not open any
   * more.
   */
  answer(runId: string, requestId: string, given: { readonly answer: Answer; readonly by: string }): Promise<boolean>;
}

/** What the journal of a run tells of a message that was sent. */
export type SentMessage = RunEventOf<'message.sent'>;

export interface Messages {
  /** A message by its id, as it was sent last; undefined when none was. */
  find(runId: string, messageId: string): Promise<SentMessage | undefined>;
}

/** A rule that no run of this kind is launched, until it is lifted. */
export interface LaunchBlockRecord {
  readonly id: string;
  /** Runs with all of these tags; every run when there are none. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly createdAt: string;
}

export interface LaunchBlocks {
  /** On disk when it resolves. */
  add(block: LaunchBlockRecord): Promise<void>;
  remove(id: string): Promise<void>;
  /** Oldest first. */
  list(): Promise<LaunchBlockRecord[]>;
}

/** A run that works in a directory of a host. */
export interface WorkspaceHolder {
  readonly runId: string;
  readonly host: string;
  /** Real, links resolved. */
  readonly path: string;
  /** Others may work there too. */
  readonly isShared: boolean;
  readonly since: string;
}

export interface Workspaces {
  /**
   * Notes that a run works in a directory, until it is released or has ended; what is noted of it already stays. Not
   * when another run does so, in it, above it or below it, and neither of them shares: who came first has it. `others`
   * are all of those, oldest first. Throws `claim-lost` when the run is not held under this claim, or has ended.
   */
  take(
    holder: WorkspaceHolder,
    claim: number,
  ): Promise<{ readonly isTaken: boolean; readonly others: readonly WorkspaceHolder[] }>;
  /** Does nothing for a run that is not held under this claim. */
  release(runId: string, claim: number): Promise<void>;
}

/** Space that is kept back, so that there is some to write down that there is none. */
export interface Reserve {
  /** Gives it up. */
  spend(): Promise<void>;
  /** Takes it back, or has it still; false when there is not enough space for it and for others. */
  restore(): Promise<boolean>;
}

/** Contents that are too large for a journal. */
export interface Blobs {
  /**
   * Keeps a content, once however often it is given, for somebody: a run by its id. On disk when it resolves; the
   * result names it.
   */
  put(usedBy: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<string>;
  /** Throws `not-found`. */
  read(id: string): Promise<AsyncIterable<Uint8Array>>;
  /** Removes what was kept for him, and for nobody else. */
  release(usedBy: string): Promise<void>;
}
