import type { Budget } from './budget.ts';
import type { CreateOptions } from './create-options.ts';
import type { Check } from './doctor.ts';
import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from './group.ts';
import type { ModelInfo } from './model-info.ts';
import type { ApprovalRule, RequestPolicy } from './rule.ts';
import type { RunHandle } from './run-handle.ts';
import type { RunFilter, RunPage, RunQuery } from './run-query.ts';
import type { RunSpec } from './run-spec.ts';
import type { OpenRequest } from './run-summary.ts';
import type { RunUpdate } from './run-update.ts';
import type { ScheduleStatus } from './schedule.ts';
import type { FoundPage, SearchQuery } from './search.ts';
import type { NewSeed, RemoveSeedOptions, SeedSummary, SeedVerification, UndoSeed, VerifySeed } from './seed.ts';
import type { NewSeedLogin, SeedLogin, SeedLoginQuery } from './seed-login.ts';
import type { NewSeedConfig, SavedSeedConfig, SeedConfig } from './seed-settings.ts';
import type { Stats } from './stats.ts';
import type { TaskDefinition, TaskDetails, TaskSummary } from './task-definition.ts';
import type { CreatedToken, NewToken, TokenInfo } from './token.ts';

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
  /**
   * The runs there are, in pages; the newest first, and without those in the archive, unless told otherwise. Throws
   * `invalid-input`.
   */
  list(query?: RunQuery): Promise<RunPage>;
  /**
   * The runs in which something was said or done: what people and the agent wrote, what it thought, which commands it ran and what
   * those printed, which files it changed, what it asked, and what went wrong. The run where that was last comes first, and what is
   * in the archive not, unless told otherwise. Of a long text the beginning and the end are found. Throws `invalid-input`.
   */
  search(query: SearchQuery): Promise<FoundPage>;
  /**
   * The runs there are and their open requests, and then whatever changes in that, until the reader stops; without those in the
   * archive, unless told otherwise. Whoever reads slowly gets fewer changes, and none that is out of date.
   */
  watch(filter?: RunFilter, options?: WatchOptions): AsyncIterable<RunUpdate>;
  /**
   * The requests that wait for an answer, oldest first; of all runs, or of one, which is named as for `find`. Throws what that
   * throws.
   */
  requests(run?: string): Promise<OpenRequest[]>;
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
  /** The models that Codex offers to somebody without a login. Throws `codex-start-failed`. */
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
  /** The saved logins, by their names, without anything that lets somebody in. */
  listSeeds(): Promise<SeedSummary[]>;
  /**
   * Saves a login under a name; on disk, encrypted, when it resolves. The same once more changes nothing. Throws `invalid-input` for
   * what is no login, for a name that is taken, and for a ChatGPT login that another seed holds. `again` gives a seed that is there
   * another login of the same account: then it throws `not-found`, and `seed-unavailable` while somebody uses it.
   */
  addSeed(seed: NewSeed): Promise<SeedSummary>;
  /**
   * Makes an earlier content of a seed the current one again, as a new version. Throws `not-found`, `invalid-input` where there is
   * no other, and `seed-unavailable` while somebody uses it.
   */
  undoSeed(seedId: string, options?: UndoSeed): Promise<SeedSummary>;
  /** The settings of a seed, which runs have that are lent it. Throws `not-found`, `seed-unreadable`. */
  seedConfig(seedId: string): Promise<SeedConfig>;
  /**
   * Gives a seed other settings, or none, in the place of all it has, as a new version with the same login. Runs that share it go on,
   * and keep those with which they have begun. Throws `not-found`, `seed-unreadable`, `invalid-input` for what is no TOML, and
   * `seed-unavailable` while somebody has it alone.
   */
  setSeedConfig(seedId: string, config: NewSeedConfig): Promise<SavedSeedConfig>;
  /**
   * Asks the provider whether a login is still good, renews its tokens where that is due, and reads how much of its plan is used. It
   * costs nothing. What cannot be found out is unknown, and changes nothing. Throws `not-found`, `invalid-input`, `seed-unreadable`.
   */
  verifySeed(seedId: string, options?: VerifySeed): Promise<SeedVerification>;
  /** Removes a seed with all it holds. Throws `not-found`, and `seed-unavailable` while somebody uses it, unless forced. */
  removeSeed(seedId: string, options?: RemoveSeedOptions): Promise<void>;
  /**
   * Lets somebody log in with ChatGPT, which becomes a seed; the same login once more while it is under way. Where it stands is told
   * by `seedLogin`. Throws `invalid-input` for a name that is taken, `not-found` where `again` names nothing, and `login-failed`
   * when a browser could not come back, or 8 are under way.
   */
  startSeedLogin(login: NewSeedLogin): Promise<SeedLogin>;
  /** The logins that are under way, and those that ended within the hour; the oldest first. */
  seedLogins(): Promise<SeedLogin[]>;
  /** Where a login stands; `seen`: as soon as that is something else, or after 25 s. Throws `not-found`. */
  seedLogin(loginId: string, query?: SeedLoginQuery): Promise<SeedLogin>;
  /** Gives a login up, unless it is over; discards one that could not be saved. Throws `not-found`. */
  cancelSeedLogin(loginId: string): Promise<SeedLogin>;
  /** Runs the real codex against a scripted model, which needs no account. Throws `invalid-input` for a pace that is none. */
  demo(options?: DemoOptions): Promise<RunHandle>;
  /**
   * In this process: refuses launches from now on, ends what is under way, and frees everything. Over HTTP it lets go of the
   * connection, and the server goes on.
   */
  close(options?: CloseOptions): Promise<void>;
}

export interface LaunchOptions extends CreateOptions {
  /** What to call it (what its task is called). A run may be found by it. */
  readonly name?: string;
  /** What the run is given; an object adds to that of its task, by name. Instructions may name parts of it: see `RunSpec`. */
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

export interface WatchOptions {
  /** Ends it at once, without an error. */
  readonly signal?: AbortSignal;
  /** The journal of this run, which is named as for `find`, is told as well: after this number (0), with nothing left out. */
  readonly follow?: { readonly run: string; readonly after?: number };
}

export interface CloseOptions {
  /** How long what is under way may take to end by itself before it is cancelled, in milliseconds (0). */
  readonly drainMs?: number;
  /** What lives on outside of this process is left as it is, for the next one to take up (false). */
  readonly leave?: boolean;
}
