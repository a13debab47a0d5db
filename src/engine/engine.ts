import type { CloseOptions, LaunchOptions } from '../contract/api.ts';
import { type Budget, checkBudget } from '../contract/budget.ts';
import type { CreateOptions } from '../contract/create-options.ts';
import type { RunEvent } from '../contract/event.ts';
import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from '../contract/group.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { Answer } from '../contract/request.ts';
import type { ReadOptions, RunTurn, SendMessageOptions } from '../contract/run-handle.ts';
import type { RunDetails } from '../contract/run-summary.ts';
import type { ScheduleStatus } from '../contract/schedule.ts';
import type { Stats } from '../contract/stats.ts';
import { OptioError } from '../errors.ts';
import type { LaunchKey, RunFilter, RunRecord } from '../store/store.ts';
import { checkTask } from '../task/check.ts';
import type { SessionControls } from '../task/context.ts';
import type { Task } from '../task/task.ts';
import { Cancellation } from './cancellation.ts';
import { checkLaunch } from './check-launch.ts';
import { ChildRuns } from './child-runs.ts';
import { Children } from './children.ts';
import { type Clock, systemClock } from './clock.ts';
import { closeDown } from './closing.ts';
import { Counters } from './counters.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { readEvents } from './event-tail.ts';
import { Expiry } from './expiry.ts';
import { answerInStore } from './kept-answer.ts';
import { LaunchBlocks } from './launch-blocks.ts';
import { LaunchKeys } from './launch-keys.ts';
import { Launcher } from './launcher.ts';
import type { LiveRun } from './live-run.ts';
import { launchOnceMore } from './once-more.ts';
import { Removal } from './removal.ts';
import { detailsOf } from './run-details.ts';
import { type ChangedPart, RunFeed } from './run-feed.ts';
import { RunLists } from './run-lists.ts';
import { Scheduler } from './scheduler.ts';
import { SentMessages } from './sent-messages.ts';
import { Space } from './space.ts';
import { isUnderWay, UNDER_WAY } from './states.ts';
import { statsOf } from './stats.ts';
import { WorkspaceFiles } from './workspace-files.ts';

export interface EngineOptions extends Omit<DispatcherOptions, 'space' | 'counters' | 'onChange'> {
  /** Why a run cannot be launched once more; null when it can. */
  readonly problemOfRetry?: (run: RunRecord) => string | null;
}

/** Launches runs, lets them begin when there is room, and takes up those that a process before us has left. */
export class Engine {
  /** What there is to see of runs. */
  readonly lists: RunLists;
  readonly #options: EngineOptions;
  readonly #dispatcher: Dispatcher;
  readonly #blocks: LaunchBlocks;
  readonly #launcher: Launcher;
  readonly #keys: LaunchKeys;
  readonly #cancellation: Cancellation;
  readonly #scheduler: Scheduler;
  readonly #removal: Removal;
  readonly #expiry: Expiry;
  readonly #messages: SentMessages;
  readonly #space: Space;
  readonly #clock: Clock;
  /** The workspaces of its runs, for whoever looks on. */
  readonly files: WorkspaceFiles;
  readonly #counters = new Counters();
  readonly #feed = new RunFeed();
  #closed: Promise<void> | undefined;

  private constructor(options: EngineOptions) {
    const { store, clock = systemClock, host, directories } = options;
    this.#options = options;
    this.#clock = clock;
    this.files = new WorkspaceFiles({ store, host });
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
    this.#blocks = new LaunchBlocks(store.launchBlocks);
    this.#launcher = new Launcher({
      runs: store.runs,
      dispatcher: this.#dispatcher,
      blocks: this.#blocks,
      space: this.#space,
      host,
      clock,
    });
    this.#keys = new LaunchKeys(store.runs);
    this.#cancellation = new Cancellation(store, this.#dispatcher, clock, { host, directories, counters });
    const children = new ChildRuns({
      runs: store.runs,
      dispatcher: this.#dispatcher,
      launcher: this.#launcher,
      cancellation: this.#cancellation,
    });
    this.#scheduler = new Scheduler({
      store,
      clock,
      problemOf: (taskId) => this.#dispatcher.tasks.problemOf(taskId),
      launch: (fire) => this.#launcher.launchTask(fire.taskId, {}, { fire }),
      cancel: (runId, reason) => this.#cancellation.cancel(runId, reason),
    });
    this.#removal = new Removal({
      runs: store.runs,
      blobs: store.blobs,
      host,
      dispatcher: this.#dispatcher,
      data: directories.data,
      clock,
    });
    this.#expiry = new Expiry({ runs: store.runs, removal: this.#removal, clock });
    this.#messages = new SentMessages({
      messages: store.messages,
      session: (runId) => this.session(runId),
      lastSeq: (runId) => this.live(runId).journal.lastSeq,
      past: (runId, after) => this.past(runId, after),
      events: (runId, from) => this.events(runId, from),
    });
    this.#dispatcher.onSettled = ({ ttlMs }) => {
      if (ttlMs !== null) void this.#expiry.look();
    };
    const problemOf = (run: Pick<RunRecord, 'id' | 'taskId'>) => this.problemOf(run);
    this.lists = new RunLists({ store, dispatcher: this.#dispatcher, feed: this.#feed, problemOf });
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
    for (const task of await this.#dispatcher.tasks.load()) this.#scheduler.set(task);
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

  /**
   * Makes a task known at once, and resolves when it is written down. A task of the same id takes the place of the one
   * before, for the runs to come. Throws `invalid-config`.
   */
  async define(task: Task): Promise<void> {
    checkTask(task);
    this.#scheduler.set(await this.#dispatcher.define(task));
    void this.#scheduler.look();
  }

  /** Forgets a task and keeps its runs. Throws `not-found`, and `task-busy` while runs of it have not ended. */
  async remove(taskId: string): Promise<void> {
    try {
      await this.#dispatcher.tasks.remove(taskId);
    } finally {
      this.#dispatcher.tellOf(taskId);
      this.#dispatcher.dispatch(); // what was launched meanwhile, of a task that stays
    }
    this.#scheduler.drop(taskId);
  }

  /** Launches nothing of a task, also over restarts, until it is resumed; its runs go on. Throws `not-found`. */
  async pauseTask(taskId: string): Promise<void> {
    this.#scheduler.set(await this.#dispatcher.tasks.pause(taskId, true));
  }

  /** Lets a task be launched again, and its schedule hold from now on. Throws `not-found`. */
  async resumeTask(taskId: string): Promise<void> {
    this.#scheduler.set(await this.#dispatcher.tasks.pause(taskId, false));
    await this.#scheduler.look();
  }

  /** Where the schedules stand, after what is due by now. */
  schedules(): Promise<ScheduleStatus[]> {
    return this.#scheduler.statuses();
  }

  /** Why runs of a task cannot be executed in this process; null when they can. */
  problemOfTask(taskId: string): string | null {
    return this.#dispatcher.tasks.problemOf(taskId);
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
      launchOnceMore(parts, await this.#known(runId), launchKey),
    );
  }

  /** Removes a run, with all that it has begun; see `Removal`. Throws `not-found`, `run-busy`, `invalid-input`. */
  async removeRun(runId: string): Promise<void> {
    await this.#removal.remove(runId).catch((thrown) => {
      void this.#expiry.look(); // what could not be removed now goes later
      throw thrown;
    });
  }

  /** All that is known of a run besides what happened in it. Throws `not-found`. */
  async details(runId: string): Promise<RunDetails> {
    const [run, open] = await Promise.all([this.#known(runId), this.#options.store.requests.open(runId)]);
    return detailsOf(run, { openRequests: open.length, problem: this.problemOf(run) });
  }

  async #known(runId: string): Promise<RunRecord> {
    const run = await this.find(runId);
    if (run) return run;
    throw new OptioError('not-found', `there is no run ${runId}`, { remedy: 'Look for it in the list of runs.' });
  }

  find(runId: string): Promise<RunRecord | undefined> {
    return this.#options.store.runs.find(runId);
  }

  list(filter?: RunFilter): Promise<RunRecord[]> {
    return this.#options.store.runs.list(filter);
  }

  /** What has been going on, in numbers. */
  stats(): Promise<Stats> {
    const [dispatcher, counters, feed, clock] = [this.#dispatcher, this.#counters, this.#feed, this.#clock];
    const problemOf = (run: Pick<RunRecord, 'id' | 'taskId'>) => this.problemOf(run);
    return statsOf({ store: this.#options.store, dispatcher, counters, feed, clock, problemOf });
  }

  /** What keeps a run from getting on in this process, whoever wishes it; null when nothing does, or it has ended. */
  problemOf({ id, taskId }: Pick<RunRecord, 'id' | 'taskId'>): string | null {
    const launched = this.#dispatcher.run(id);
    const blocked = launched?.live?.journal.blocked;
    if (blocked) return `what it tells cannot be written down: ${blocked.message}`;
    if (launched?.why) return `it cannot be worked on: ${launched.why.message}`;
    return launched && !launched.task ? this.#dispatcher.tasks.problemOf(taskId) : null;
  }

  /** The run, while this process works on it. Throws `conversation-not-ready` otherwise. */
  live(runId: string): LiveRun {
    const live = this.#dispatcher.run(runId)?.live;
    if (live) return live;
    throw new OptioError('conversation-not-ready', `run ${runId} is not under way`, {
      remedy: 'It listens once it is running, and until it ends. One that has ended can be launched once more (retry).',
    });
  }

  /** The same for a run that may be about to be taken up, which is waited for. */
  async #takenUp(runId: string): Promise<LiveRun> {
    const run = this.#dispatcher.run(runId);
    while (run?.isTaken && !run.live) await run.changed;
    return this.live(runId);
  }

  /** The live session of a run; waits while there is none yet. Throws `conversation-not-ready` when none will come. */
  async session(runId: string): Promise<SessionControls> {
    for (;;) {
      const run = this.#dispatcher.run(runId);
      if (!run || this.#dispatcher.isStopped) return this.live(runId).controls; // which throws
      if (run.live?.hasSession) return run.live.controls;
      await Promise.race([run.changed, run.live?.served ?? run.changed]);
    }
  }

  /** What the journal of a run holds by now, after this number. */
  past(runId: string, after = 0): AsyncIterable<RunEvent> {
    return readEvents(this.#options.store.journal, runId, after);
  }

  /** Sends a message; see `RunHandle.send`. Throws `conversation-not-ready`, `turn-rejected`, `key-reused`, `invalid-input`. */
  send(runId: string, message: string, options?: SendMessageOptions): Promise<RunTurn> {
    return this.#messages.send(runId, message, options);
  }

  /**
   * Answers an open request: it is on disk when this resolves. The first answer holds, and the same again is fine; throws
   * `not-found` when the request is not open (any more), and `invalid-input` for an answer that is none to it.
   */
  async answer(runId: string, requestId: string, answer: Answer, by: string): Promise<void> {
    const run = this.#dispatcher.run(runId);
    while (run?.isTaken && !run.live) await run.changed; // somebody takes it up just now, and has to know of it
    const { requests } = this.#options.store;
    await (run?.live
      ? run.live.answer(requestId, answer, by)
      : answerInStore(requests, { runId, requestId, answer, by }));
  }

  /** The journal of a run after this number: past and to come, until it has ended. Throws `invalid-input` for what is none. */
  async *events(runId: string, { after = 0, signal }: ReadOptions = {}): AsyncIterable<RunEvent> {
    checkNumber(after);
    this.#counters.readers++;
    try {
      yield* this.#events(runId, after, signal);
    } finally {
      this.#counters.readers--;
    }
  }

  async *#events(runId: string, after: number, signal: AbortSignal | undefined): AsyncIterable<RunEvent> {
    for (let at = after; !signal?.aborted; ) {
      const launched = this.#dispatcher.run(runId);
      const rung = launched?.changes.rung ?? 0;
      const { journal } = this.#options.store;
      const source =
        launched?.live?.journal.events({ after: at, ...(signal && { signal }) }) ??
        readEvents(journal, runId, at, signal);
      try {
        for await (const event of source) {
          at = event.seq;
          yield event;
          if (event.type === 'run.ended') return;
        }
      } catch (error) {
        if (this.#dispatcher.isStopped) return; // the store is closed
        throw error;
      }
      if (!launched || this.#dispatcher.isStopped) return;
      await launched.changes.after(rung, signal);
    }
  }

  /** How it ended, once it has. Throws `not-found`. */
  async outcome(runId: string): Promise<RunOutcome> {
    const launched = this.#dispatcher.run(runId);
    if (launched) return launched.outcome;
    const record = await this.find(runId);
    if (!record?.outcome) throw new OptioError('not-found', `there is no run ${runId}`);
    return record.outcome;
  }

  /**
   * Says that a run is over, and done; nothing more to say of one that is. Waits for its session, and throws
   * `conversation-not-ready` when none will come.
   */
  async finish(runId: string): Promise<void> {
    try {
      (await this.session(runId)).finish();
    } catch (thrown) {
      if ((await this.find(runId))?.state !== 'done') throw thrown;
    }
  }

  /**
   * Ends the running turn. One that is named goes on while a run is taken up, whose session is waited for then; otherwise there
   * is no turn without a session. Throws `conversation-not-ready`.
   */
  async interrupt(runId: string, { turnId }: { readonly turnId?: string } = {}): Promise<void> {
    const run = this.#dispatcher.run(runId);
    const isTakenUp = run?.isTaken && isUnderWay(run.record.state);
    const controls = turnId !== undefined && isTakenUp ? await this.session(runId) : this.live(runId).controls;
    await controls.interrupt(turnId);
  }

  /**
   * Stops what costs anything, with the turn that runs, until it is resumed; on disk when it resolves. Throws
   * `conversation-not-ready`, and `state-changed` when it is not under way.
   */
  async pause(runId: string, message = 'somebody wished it'): Promise<void> {
    await (await this.#takenUp(runId)).pausing.close({ reason: 'wish', message });
  }

  /** Lets it go on. Throws `conversation-not-ready`, and `budget-reached` or `store-full` while that keeps it paused. */
  async resume(runId: string): Promise<void> {
    await (await this.#takenUp(runId)).pausing.open();
  }

  /** Changes what it may use. Where its budget has paused it, it goes on with that. Throws `conversation-not-ready`, `invalid-input`. */
  async raiseBudget(runId: string, budget: Budget): Promise<void> {
    checkBudget(budget);
    await (await this.#takenUp(runId)).pausing.changeBudget(budget);
  }

  /**
   * Gives the order to stop, to the run and to what it has begun; resolves when that is written down. The first order
   * holds. Does nothing for a run that has ended; throws `not-found`.
   */
  async cancel(runId: string, reason: string): Promise<void> {
    if (!this.#dispatcher.run(runId) && !(await this.find(runId))) {
      throw new OptioError('not-found', `there is no run ${runId}`);
    }
    await this.#cancellation.cancel(runId, reason);
  }

  /**
   * Gives the order to stop to all runs with these tags, also to those whose launch is under way. Resolves with their ids
   * when that is written down, and waits for no end, so that one of them may call it. `block`: until all of them have
   * ended no more like them are launched. Throws `invalid-input` when there is no tag.
   */
  async cancelGroup({ metadata }: GroupFilter, { reason, block = false }: GroupCancel): Promise<string[]> {
    const held = block ? await this.block({ metadata }, { reason }) : undefined;
    try {
      const ids = await this.#cancellation.cancelGroup(metadata, reason, () => this.#launcher.settled());
      const ended = Promise.allSettled(ids.map((id) => this.#dispatcher.run(id)?.outcome));
      void ended.then(() => held?.release()).catch(() => {}); // the store is closed, and the block with it
      return ids;
    } catch (error) {
      await held?.release();
      throw error;
    }
  }

  /** Refuses launches of runs with these tags, or of all, until it is released. */
  block(filter: BlockFilter, options: BlockOptions): Promise<LaunchBlock> {
    return this.#blocks.add(filter, options);
  }

  /** The blocks that hold, also those that a process before us has made. */
  blocks(): LaunchBlock[] {
    return this.#blocks.list();
  }

  /** There is space again: what had to wait for it goes on. */
  #goOn(): void {
    for (const { pausing } of this.#dispatcher.live) pausing.openForSpace();
    this.#dispatcher.dispatch();
  }

  /**
   * Refuses launches from now on, and resolves when nothing is under way any more. The first call says how; where something
   * could not be told to stop, each of them throws why once all else is over.
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.#launcher.close();
    this.#space.close();
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  /** Whoever closes the store next has to know that all of it is over, also when a part of it has failed. */
  async #close(options: CloseOptions): Promise<void> {
    const parts = {
      dispatcher: this.#dispatcher,
      launcher: this.#launcher,
      cancellation: this.#cancellation,
      clock: this.#clock,
    };
    const ended = await Promise.allSettled([this.#scheduler.stop(), this.#expiry.stop(), closeDown(parts, options)]);
    this.#feed.close();
    for (const end of ended) if (end.status === 'rejected') throw end.reason;
  }
}

/** After anything else no event would ever come. */
function checkNumber(after: number): void {
  if (Number.isSafeInteger(after) && after >= 0) return;
  throw new OptioError('invalid-input', `after: ${after} is no number of an event`, {
    field: 'after',
    remedy: 'Give the seq of the last event that you have, or 0 for all of them.',
  });
}
