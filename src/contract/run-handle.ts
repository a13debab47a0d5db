import type { Budget } from './budget.ts';
import type { CreateOptions } from './create-options.ts';
import type { RunEvent, TurnStatus } from './event.ts';
import type { MessageQueue } from './message-queue.ts';
import type { RunOutcome } from './outcome.ts';
import type { Answer } from './request.ts';
import type { RunDetails } from './run-summary.ts';
import type { RunView } from './view.ts';
import type { WorkspaceChanges, WorkspaceDiff } from './workspace-change.ts';
import type { OpenedFile, WorkspaceListing } from './workspace-file.ts';

/** One run, from outside. What is meant for its session waits for one, unless told otherwise; it throws `conversation-not-ready` when none comes. */
export interface RunHandle {
  readonly id: string;
  /** How it ended. Rejects only when this process leaves it to another. */
  readonly outcome: Promise<RunOutcome>;
  /** All that is known of it besides what happened in it. Throws `not-found` when it was removed. */
  details(): Promise<RunDetails>;
  /** The journal after this number: past and live events, until the run has ended. Throws `invalid-input` for what is no number of an event. */
  events(options?: ReadOptions): AsyncIterable<RunEvent>;
  /** What one sees of it now. */
  view(): Promise<RunView>;
  /** The whole run as a document: for people (`md`), or with everything in it (`json`). */
  export(format: ExportFormat): AsyncIterable<string>;
  /**
   * Sends a message, or puts it into the running turn (`steer`); resolves once Codex has accepted it, which waits while the
   * run is paused. With the id of one in the queue as its key it is that one, which leaves the queue. Throws `turn-rejected`, and `key-reused`; for its images `not-found`, `path-refused`, `message-too-large`,
   * and `invalid-input` for what is no picture.
   */
  send(message: string, options?: SendMessageOptions): Promise<RunTurn>;
  /** The messages that wait until the run has time for them, also while nobody looks on. */
  readonly queue: MessageQueue;
  /**
   * Ends the running turn, with its commands; the run goes on, and what waits in its queue is held until somebody resumes that.
   * Throws `conversation-not-ready` when there is no session.
   * `turnId`: only when it is this turn that runs; of a run that is just being taken up its session is waited for.
   */
  interrupt(options?: { readonly turnId?: string }): Promise<void>;
  /** Chooses the model for the turns to come. */
  requestModelChange(model: string): Promise<void>;
  /** Chooses how hard the model is to think in the turns to come. */
  requestEffortChange(effort: string): Promise<void>;
  /** Says that the run is over, and done. */
  finish(): Promise<void>;
  /**
   * Ends the running turn and begins no other, until it is resumed. Throws `state-changed` when it is not under way, and
   * `conversation-not-ready` when nobody works on it.
   */
  pause(message?: string): Promise<void>;
  /**
   * Takes back the wish of `pause`, so that it goes on with what that has cut. Throws `budget-reached` and `store-full` while
   * that keeps it paused, and `conversation-not-ready` when nobody works on it.
   */
  resume(): Promise<void>;
  /** Changes what it may use. A run that its budget has paused goes on when that is enough. Throws `invalid-input` for what is no budget. */
  raiseBudget(budget: Budget): Promise<void>;
  /** Gives the order to stop, to it and to what it has begun; resolves when that is written down. The outcome tells when it has stopped. */
  cancel(reason?: string): Promise<void>;
  /**
   * Launches it once more as a new run: its task as it was then, with the same params, tags, budget, priority and name; that of
   * a function is what its program has defined by now. What another run has begun is launched by itself. Throws `run-busy` when
   * it has not ended, and whatever `launch` throws: `not-launchable` for a demo, whose model is gone.
   */
  retry(options?: CreateOptions): Promise<RunHandle>;
  /**
   * Puts it out of sight, with all that it has begun: lists leave it out, unless they are told otherwise. All of it stays, until it
   * is removed or expires. The same again is fine. Throws `run-busy` when part of that has not ended, `not-found`, and
   * `invalid-input` for one that another run has begun, which goes with that.
   */
  archive(): Promise<void>;
  /** Brings it back from the archive, with all that it has begun; fine for one that is not there. Throws `not-found`, `invalid-input`. */
  unarchive(): Promise<void>;
  /**
   * Removes it, and all that it has begun; its workspace stays. If the process dies meanwhile, the next one removes the rest.
   * Throws `run-busy` when part of that has not ended, `not-found`, and `invalid-input` for one that another run has begun, which
   * goes with that.
   */
  remove(): Promise<void>;
  /**
   * Answers an open request, also while its codex is away; it is on disk when this resolves. The first answer holds, and the
   * same again is fine. Throws `not-found` when it is not open (any more), `invalid-input`, and `forbidden` for a name over HTTP
   * that is not one's own.
   */
  answer(requestId: string, answer: Answer, from?: AnswerOrigin): Promise<void>;
  /** A directory of its workspace, the workspace itself unless told otherwise. Throws `not-found`, `path-refused`. */
  listFiles(path?: string): Promise<WorkspaceListing>;
  /** A file of its workspace, which is not read through links. Throws `not-found`, `path-refused`, `message-too-large`. */
  readFile(path: string): Promise<Uint8Array>;
  /** The same, piece by piece; it has to be closed. */
  openFile(path: string): Promise<OpenedFile>;
  /**
   * A directory of its workspace, the workspace itself unless told otherwise, with all that is in it, as a zip, piece by piece.
   * Links and the directories of git are left out. Throws `not-found`, `path-refused`, and `message-too-large` for more than
   * 50,000 files or 4 GiB.
   */
  downloadFiles(path?: string): AsyncIterable<Uint8Array>;
  /**
   * The files of its workspace that are not as they were at its start: as they are now, or as they were when it ended, whatever has
   * become of the workspace since. Throws `not-found`, and `conversation-not-ready` when it has no workspace yet.
   */
  listChanges(): Promise<WorkspaceChanges>;
  /**
   * The same as a unified diff: of one file, of what lies below a directory, or of everything (unless a path is given). At most
   * 8 MiB of it, and 1 MiB of each file.
   */
  readDiff(path?: string): Promise<WorkspaceDiff>;
  /** Puts a file into its workspace; one that is there is replaced. Throws `path-refused`, `not-found`, `message-too-large`. */
  writeFile(path: string, content: Uint8Array): Promise<void>;
}

/** Where an answer comes from, for the record: `NAME (VIA)`. */
export interface AnswerOrigin {
  /**
   * Who gives it (in this process `caller`, over HTTP the name of the token). To answer in the name of somebody else over HTTP
   * takes the token of the data directory.
   */
  readonly by?: string | undefined;
  /** By what means, in a few words (not told); anybody may say that. */
  readonly via?: string | undefined;
}

export interface ReadOptions {
  /** The number of the last event that one has (0: from the beginning). */
  readonly after?: number;
  /** Ends the reading when it is aborted, without an error: at once, also while nothing happens. */
  readonly signal?: AbortSignal;
}

export type ExportFormat = 'md' | 'json';

export interface SendMessageOptions extends CreateOptions {
  /** Put it into the running turn (false). */
  readonly steer?: boolean;
  /**
   * Pictures to go with it (none): files of the workspace, from there on, PNG, JPEG, GIF or WebP, at most ten of at most 10 MiB
   * each. What they are when it is sent is what Codex gets, also where it is sent again.
   */
  readonly images?: readonly string[] | undefined;
}

/** A turn that a message has begun, or was put into. */
export interface RunTurn {
  readonly id: string;
  /** The number in the journal after which all of it is told, where that is known. */
  readonly after?: number;
  /** How it ended. Rejects with `conversation-closed` when the run ends first. */
  readonly completed: Promise<RunTurnResult>;
}

export interface RunTurnResult {
  readonly id: string;
  readonly status: TurnStatus;
  /** What the agent answered; empty when it gave no answer. */
  readonly text: string;
  readonly error: string | null;
}
