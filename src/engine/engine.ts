import type { CloseOptions, LaunchOptions } from '../contract/api.ts';
import type { CreateOptions } from '../contract/create-options.ts';
import type { Stats } from '../contract/stats.ts';
import type { LaunchKey, RunRecord } from '../store/store.ts';
import { checkTask } from '../task/check.ts';
import type { Task } from '../task/task.ts';
import { Archive } from './archive.ts';
import { Cancellation } from './cancellation.ts';
import { checkLaunch } from './check-launch.ts';
import { ChildRuns } from './child-runs.ts';
import { Children } from './children.ts';
import { type Clock, systemClock } from './clock.ts';
import { closeDown } from './closing.ts';
import { ClosingTerms } from './closing-terms.ts';
import { Counters } from './counters.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { Expiry } from './expiry.ts';
import { Groups } from './groups.ts';
import { LaunchBlocks } from './launch-blocks.ts';
import { LaunchKeys } from './launch-keys.ts';
import { Launcher } from './launcher.ts';
import { launchOnceMore } from './once-more.ts';
import { Removal } from './removal.ts';
import { RunControls } from './run-controls.ts';
import { type ChangedPart, RunFeed } from './run-feed.ts';
import { RunLists } from './run-lists.ts';
import { RunReader } from './run-reader.ts';
import { Scheduler } from './scheduler.ts';
import { Space } from './space.ts';
import { isUnderWay, UNDER_WAY } from './states.ts';
import { statsOf } from './stats.ts';
import { TaskList } from './task-list.ts';
import { WorkspaceDiffs } from './workspace-diffs.ts';
import { WorkspaceFiles } from './workspace-files.ts';

export interface EngineOptions extends Omit<DispatcherOptions, 'space' | 'counters' | 'onChange'> {
  /** Why a run cannot be launched once more; null when it can. */
  readonly problemOfRetry?: (run: RunRecord) => string | null;
  /** Saves the login that lies in the private directory of a run, and could not be saved before. Throws while it cannot. */
  readonly saveLeftLogin?: (runId: string) => Promise<void>;
}

/** Launches runs, lets them begin when there is room, and takes up those that a process before us has left. */
export class Engine {
  readonly tasks: TaskList;
  /** Each run: its record, its journal, its end. */
  readonly runs: RunReader;
  /** What can be done to a run. */
  readonly controls: RunControls;
  /** The runs that are out of sight. */
  readonly archive: Archive;
  /** What is done to all runs with certain tags. */
  readonly groups: Groups;
  /** Lists of runs, and who watches them. */
  readonly lists: RunLists;
  /** The workspaces of its runs, for whoever looks on. */
  readonly files: WorkspaceFiles;
  /** What differs there from the start of each run. */
  readonly diffs: WorkspaceDiffs;
  readonly #options: EngineOptions;
  readonly #dispatcher: Dispatcher;
  readonly #blocks: LaunchBlocks;
  readonly #launcher: Launcher;
  readonly #keys: LaunchKeys;
  readonly #cancellation: Cancellation;
  readonly #scheduler: Scheduler;
  readonly #removal: Removal;
  readonly #expiry: Expiry;
  readonly #space: Space;
  readonly #clock: Clock;
  readonly #counters = new Counters();
  readonly #feed = new RunFeed();
  #closed: Promise<void> | undefined;
  #terms: ClosingTerms | undefined;

  private constructor(options: EngineOptions) {
    const { store, clock = systemClock, host, directories } = options;
    this.#options = options;
    this.#clock = clock;
    this.files = new WorkspaceFiles({ store, host });
    this.diffs = new WorkspaceDiffs({ store, host, files: this.files, data: directories.data });
    this.#space = new Space({
      reserve: store.reserve,
      clock,
      onShort: async () =>
        void (await Promise.all(this.#dispatcher.live.map(({ pausing }) => pausing.closeForSpace()))),
      onEnough: () => this.#goOn(),
    });
    const counters = this.#counters;
    const onChange = (runId: string, part: ChangedPart) => this.#feed.tell(runId, part);
    this.#dispatcher = new Dispatcher(
      { ...options, space: this.#space, counters, onChange },
      (run) => new Children(run, children),
    );
    const dispatcher = this.#dispatcher;
    this.#blocks = new LaunchBlocks(store.launchBlocks);
    const { runs, blobs } = store;
    this.#launcher = new Launcher({ runs, dispatcher, blocks: this.#blocks, space: this.#space, host, clock });
    const launcher = this.#launcher;
    this.#keys = new LaunchKeys(runs);
    this.#cancellation = new Cancellation(store, dispatcher, clock, { host, directories, counters });
    const cancellation = this.#cancellation;
    const children = new ChildRuns({ runs, dispatcher, launcher, cancellation });
    this.#scheduler = new Scheduler({
      store,
      clock,
      problemOf: (taskId) => dispatcher.tasks.problemOf(taskId),
      launch: (fire) => launcher.launchTask(fire.taskId, {}, { fire }),
      cancel: (runId, reason) => cancellation.cancel(runId, reason),
    });
    const { saveLeftLogin: saveLeft = async () => {} } = options;
    this.#removal = new Removal({ runs, blobs, host, dispatcher, data: directories.data, clock, saveLeft });
    this.#expiry = new Expiry({ runs, removal: this.#removal, clock });
    dispatcher.onSettled = ({ ttlMs }) => {
      if (ttlMs !== null) void this.#expiry.look();
    };
    this.tasks = new TaskList({ dispatcher, scheduler: this.#scheduler });
    this.runs = new RunReader({ store, dispatcher, counters });
    this.archive = new Archive({ runs, reader: this.runs, clock });
    this.controls = new RunControls({ store, dispatcher, cancellation, reader: this.runs, counters });
    this.groups = new Groups({ dispatcher, launcher, cancellation, blocks: this.#blocks });
    this.lists = new RunLists({ store, dispatcher, feed: this.#feed, reader: this.runs });
    store.changes.listen(({ runId, how }) => {
      if (how === 'added') counters.launched++;
      if (how === 'answered') counters.answered++;
      this.#feed.tell(runId, 'run');
    });
  }

  /** Takes up what the store holds. Runs of tasks that are no plain data wait until those are defined. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    try {
      await engine.#takeUp();
      return engine;
    } catch (error) {
      await engine.close({ leave: true }).catch(() => {}); // nobody else has it; and why it could not be opened says more
      throw error;
    }
  }

  async #takeUp(): Promise<void> {
    await this.#space.open();
    await this.tasks.load();
    for (const run of await this.#options.store.runs.list({ states: ['scheduled', ...UNDER_WAY] })) {
      this.#dispatcher.adopt(run);
      if (isUnderWay(run.state)) this.#counters.takenUp++;
      if (run.cancel) this.#cancellation.watch(run.id, run.cancel);
    }
    await this.#blocks.load();
    this.#dispatcher.dispatch();
    void this.#scheduler.look();
    void this.#expiry.look();
  }

  /** Writes down a new run, which begins as soon as there is room. Throws `LaunchRefused`, `invalid-input`, `key-reused`. */
  async launch(taskId: string, options: LaunchOptions = {}): Promise<RunRecord> {
    checkLaunch(options);
    const { idempotencyKey, whenFull: _, ...wanted } = options;
    return this.once(idempotencyKey, { taskId, ...wanted }, (launchKey) =>
      this.#launcher.launchTask(taskId, options, { launchKey }),
    );
  }

  /**
   * The same for a task that need not be defined, and that can be made again of its definition. `launchKey`: by it the caller
   * has found that there is no such run yet.
   */
  async launchOwn(task: Task, options: LaunchOptions = {}, launchKey?: LaunchKey): Promise<RunRecord> {
    checkTask(task);
    checkLaunch(options);
    if (launchKey) return this.#launcher.launchOwn(task, options, { launchKey });
    const { idempotencyKey, whenFull: _, ...wanted } = options;
    return this.once(idempotencyKey, { task: task.definition ?? task.id, ...wanted }, (key) =>
      this.#launcher.launchOwn(task, options, { launchKey: key }),
    );
  }

  /** Launches one run for each key; see `LaunchKeys`. */
  once(...args: Parameters<LaunchKeys['once']>): Promise<RunRecord> {
    return this.#keys.once(...args);
  }

  /**
   * Launches a run that has ended once more, as a new one; see `launchOnceMore`. Throws `not-found`, `run-busy`, `LaunchRefused`,
   * `key-reused`.
   */
  async retry(runId: string, { idempotencyKey }: CreateOptions = {}): Promise<RunRecord> {
    const { problemOfRetry } = this.#options;
    const parts = { dispatcher: this.#dispatcher, launcher: this.#launcher, problemOfRetry };
    return this.once(idempotencyKey, { retryOf: runId }, async (launchKey) =>
      launchOnceMore(parts, await this.runs.known(runId), launchKey),
    );
  }

  /** Removes a run, with all that it has begun; see `Removal`. Throws `not-found`, `run-busy`, `invalid-input`. */
  async removeRun(runId: string): Promise<void> {
    await this.#removal.remove(runId).catch((thrown) => {
      void this.#expiry.look(); // what could not be removed now goes later
      throw thrown;
    });
  }

  /** What has been going on, in numbers. */
  stats(): Promise<Stats> {
    const [dispatcher, counters, feed, clock] = [this.#dispatcher, this.#counters, this.#feed, this.#clock];
    return statsOf({ store: this.#options.store, dispatcher, counters, feed, clock, reader: this.runs });
  }

  /** There is space again: what had to wait for it goes on. */
  #goOn(): void {
    for (const { pausing } of this.#dispatcher.live) pausing.openForSpace();
    this.#dispatcher.dispatch();
  }

  /**
   * Refuses launches from now on, and resolves when nothing is under way any more. The first call says how; a later one that
   * says it too leaves less time, or cancels. Where something could not be told to stop, each of them throws why once all
   * else is over.
   */
  close(options?: CloseOptions): Promise<void> {
    this.#launcher.close();
    this.#space.close();
    if (options) this.#terms?.tighten(options);
    this.#terms ??= new ClosingTerms(options ?? {});
    this.#closed ??= this.#close(this.#terms);
    return this.#closed;
  }

  /** Whoever closes the store next has to know that all of it is over, also when a part of it has failed. */
  async #close(terms: ClosingTerms): Promise<void> {
    const parts = {
      dispatcher: this.#dispatcher,
      launcher: this.#launcher,
      cancellation: this.#cancellation,
      clock: this.#clock,
    };
    const ended = await Promise.allSettled([this.#scheduler.stop(), this.#expiry.stop(), closeDown(parts, terms)]);
    this.#feed.close();
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }
}
