import type { Budget } from './budget.ts';
import type { Check } from './doctor.ts';
import type { RunEvent, TurnStatus } from './event.ts';
import type { ModelInfo } from './model-info.ts';
import type { RunOutcome } from './outcome.ts';
import type { Answer } from './request.ts';
import type { ApprovalRule, RequestPolicy } from './rule.ts';
import type { RunFilter, RunPage, RunQuery } from './run-query.ts';
import type { RunSpec } from './run-spec.ts';
import type { OpenRequest, RunDetails } from './run-summary.ts';
import type { RunUpdate } from './run-update.ts';
import type { ScheduleStatus } from './schedule.ts';
import type { Stats } from './stats.ts';
import type { TaskDefinition, TaskDetails, TaskSummary } from './task-definition.ts';
import type { CreatedToken, NewToken, TokenInfo } from './token.ts';
import type { RunView } from './view.ts';
import type { WorkspaceListing } from './workspace-file.ts';

/** Every verb of optio-codex. Implemented in this process by `Optio`, and over HTTP by `OptioClient`. */
export interface OptioApi extends AsyncDisposable {
  /**
   * Defines a Codex task and launches it in one; see `launch`. Throws `invalid-config` when the spec contradicts itself, and when
   * `rules`, `requests`, `retry` or `ttlMs` make no sense.
   */
  run(spec: RunSpec, options?: RunOptions): Promise<RunHandle>;
  /**
   * Launches a run of a task: it is written down when this resolves, and begins as soon as there is room. Throws
   * `LaunchRefused`, whose `reason` says why not, `invalid-input` for options that make no sense, `key-reused`, and `store-full`.
   */
  launch(taskId: string, options?: LaunchOptions): Promise<RunHandle>;
  /**
   * A run that there is, whoever has launched it: by its id, the beginning of it, its name, or `@last`. Of several of a name it
   * is the only one that has not ended. Throws `not-found`, and `invalid-input` where it may be one of several.
   */
  find(run: string): Promise<RunHandle>;
  /** The runs there are, in pages; the newest first, unless told otherwise. Throws `invalid-input`. */
  list(query?: RunQuery): Promise<RunPage>;
  /**
   * The runs there are and their open requests, and then whatever changes in that, until the reader stops. Whoever reads
   * slowly gets fewer changes, and none that is out of date.
   */
  watch(filter?: RunFilter): AsyncIterable<RunUpdate>;
  /** The requests that wait for an answer, oldest first; of all runs, or of one. */
  requests(runId?: string): Promise<OpenRequest[]>;
  /** Gives the order to stop to all runs with these tags. Resolves with their ids when that is written down. */
  cancelGroup(filter: GroupFilter, options: GroupCancel): Promise<string[]>;
  /** Refuses launches of runs with these tags, or of all, until it is released. Throws `invalid-input`. */
  block(filter: BlockFilter, options: BlockOptions): Promise<LaunchBlock>;
  /** The blocks that hold, also those that a process before has made. */
  blocks(): Promise<LaunchBlock[]>;
  /**
   * Defines a Codex task of plain data; one of the same id takes its place, for the runs to come. On disk when it resolves.
   * Throws `invalid-config`.
   */
  addTask(definition: TaskDefinition): Promise<TaskDetails>;
  /** The tasks that are defined, by their ids. */
  tasks(): Promise<TaskSummary[]>;
  /** Throws `not-found`. */
  task(taskId: string): Promise<TaskDetails>;
  /** Forgets a task and keeps its runs. Throws `not-found`, and `task-busy` while runs of it have not ended. */
  removeTask(taskId: string): Promise<void>;
  /** Launches nothing of a task, also over restarts, until it is resumed; its runs go on. Throws `not-found`. */
  pauseTask(taskId: string): Promise<void>;
  /** Lets a task be launched again, and its schedule hold from now on. Throws `not-found`. */
  resumeTask(taskId: string): Promise<void>;
  /** Where the schedules stand. */
  schedules(): Promise<ScheduleStatus[]>;
  /** The models that Codex offers. Throws `codex-start-failed`. */
  models(): Promise<ModelInfo[]>;
  /** What has been going on, in numbers. */
  stats(): Promise<Stats>;
  /** Looks at the machine on which runs run. */
  doctor(): Promise<Check[]>;
  /** Who may come in over HTTP, besides whoever has the token of the data directory. */
  tokens(): Promise<TokenInfo[]>;
  /** Lets somebody in. Throws `invalid-input`, and `key-reused` for a key with which one was made: its secret is told once. */
  createToken(token: NewToken, options?: CreateOptions): Promise<CreatedToken>;
  /** Lets somebody in no more. Throws `not-found`. */
  removeToken(id: string): Promise<void>;
  /** Runs the real codex against a scripted model, which needs no account. Throws `invalid-input` for a pace that is none. */
  demo(options?: DemoOptions): Promise<RunHandle>;
  /**
   * In this process: refuses launches from now on, ends what is under way, and frees everything. Over HTTP it lets go of the
   * connection, and the server goes on.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface CreateOptions {
  /**
   * Names what is made: with the same key again it is not made a second time, and what was made is given. Throws `key-reused`
   * when that was something else.
   */
  readonly idempotencyKey?: string;
}

export interface LaunchOptions extends CreateOptions {
  /** What to call it (what its task is called). A run may be found by it. */
  readonly name?: string;
  /** What the run is given; what its task says, unless given. Instructions may name parts of it: see `RunSpec`. */
  readonly params?: unknown;
  /** More tags to find it by, and to limit or to block its like. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** How much it may use; what is left out is as its task says. */
  readonly budget?: Budget;
  /** Higher ones begin first (0); a whole number of 32 bits. */
  readonly priority?: number;
  /** It does not begin before this time. */
  readonly notBefore?: Date;
  /** `refuse`: throw instead of waiting when a limit is reached (`wait`). */
  readonly whenFull?: 'wait' | 'refuse';
}

/** What there is to say of a run besides its spec. */
export interface RunOptions extends LaunchOptions {
  /** They answer requests in the place of a person; the first that matches decides. */
  readonly rules?: readonly ApprovalRule[];
  /** What becomes of a request that no rule answers. */
  readonly requests?: RequestPolicy;
  /** How often it is tried, when it fails (once), and how long it waits before that, in milliseconds. */
  readonly retry?: { readonly attempts: number; readonly backoffMs?: number; readonly maxBackoffMs?: number };
  /** How long it is kept after its end, in whole milliseconds (for ever; 100 years at most). */
  readonly ttlMs?: number;
}

export interface DemoOptions extends CreateOptions {
  /** How long the model pauses between the pieces of what it says, in milliseconds (0). */
  readonly paceMs?: number;
}

export interface CloseOptions {
  /** How long what is under way may take to end by itself before it is cancelled, in milliseconds (0). */
  readonly drainMs?: number;
  /** What lives on outside of this process is left as it is, for the next one to take up (false). */
  readonly leave?: boolean;
}

/** Runs with all of these tags. */
export interface GroupFilter {
  readonly metadata: Readonly<Record<string, string>>;
}

export interface GroupCancel {
  readonly reason: string;
  /** Until all of them have ended no more like them are launched (false). */
  readonly block?: boolean;
}

/** Runs with all of these tags; all runs when there are none. */
export interface BlockFilter {
  readonly metadata?: Readonly<Record<string, string>>;
}

export interface BlockOptions extends CreateOptions {
  /** Told to whoever is refused. */
  readonly reason: string;
  /** It holds over restarts, until it is released (false). */
  readonly persist?: boolean;
}

/** A block that holds until it is released. Leaving its scope releases it too, unless it is to hold over restarts. */
export interface LaunchBlock extends AsyncDisposable {
  readonly id: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly createdAt: string;
  readonly isPersistent: boolean;
  release(): Promise<void>;
}

/** One run, from outside. What is meant for its session waits for one, unless told otherwise; it throws `conversation-not-ready` when none comes. */
export interface RunHandle {
  readonly id: string;
  /** How it ended. Rejects only when this process leaves it to another. */
  readonly outcome: Promise<RunOutcome>;
  /** All that is known of it besides what happened in it. Throws `not-found` when it was removed. */
  details(): Promise<RunDetails>;
  /** The journal after this number: past and live events, until the run has ended. Throws `invalid-input` for what is no number of an event. */
  events(options?: { readonly after?: number }): AsyncIterable<RunEvent>;
  /** What one sees of it now. */
  view(): Promise<RunView>;
  /** The whole run as a document: for people (`md`), or with everything in it (`json`). */
  export(format: ExportFormat): AsyncIterable<string>;
  /**
   * Sends a message, or puts it into the running turn (`steer`); resolves once Codex has accepted it, which waits while the
   * run is paused. Throws `turn-rejected`, and `key-reused`.
   */
  send(message: string, options?: SendMessageOptions): Promise<RunTurn>;
  /**
   * Ends the running turn, with its commands; the run goes on. Throws `conversation-not-ready` when there is no session.
   * `turnId`: only when it is this turn that runs.
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
   * Launches it once more as a new run: its task as it was then, with the same params, tags and budget. Throws `run-busy` when it has
   * not ended, and whatever `launch` throws.
   */
  retry(options?: CreateOptions): Promise<RunHandle>;
  /** Removes it, and all that it has begun; its workspace stays. Throws `run-busy` when part of that has not ended, and `not-found`. */
  remove(): Promise<void>;
  /**
   * Answers an open request, also while its codex is away; it is on disk when this resolves. The first answer holds, and the
   * same again is fine. `by` says who gives it, for the record (`caller`). Throws `not-found` when it is not open (any more),
   * `invalid-input`.
   */
  answer(requestId: string, answer: Answer, options?: { readonly by?: string }): Promise<void>;
  /** A directory of its workspace, the workspace itself unless told otherwise. Throws `not-found`, `path-refused`. */
  listFiles(path?: string): Promise<WorkspaceListing>;
  /** A file of its workspace, which is not read through links. Throws `not-found`, `path-refused`, `message-too-large`. */
  readFile(path: string): Promise<Uint8Array>;
  /** Puts a file into its workspace; one that is there is replaced. Throws `path-refused`, `not-found`, `message-too-large`. */
  writeFile(path: string, content: Uint8Array): Promise<void>;
}

export type ExportFormat = 'md' | 'json';

export interface SendMessageOptions extends CreateOptions {
  /** Put it into the running turn (false). */
  readonly steer?: boolean;
}

/** A turn that a message has begun, or was put into. */
export interface RunTurn {
  readonly id: string;
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
