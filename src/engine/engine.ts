import type { CloseOptions, LaunchOptions } from '../contract/api.ts';
import { type Budget, checkBudget } from '../contract/budget.ts';
import type { RunEvent } from '../contract/event.ts';
import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from '../contract/group.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import type { Answer } from '../contract/request.ts';
import type { ScheduleStatus } from '../contract/schedule.ts';
import type { Stats } from '../contract/stats.ts';
import { OptioError } from '../errors.ts';
import type { RunFilter, RunRecord } from '../store/store.ts';
import { checkTask } from '../task/check.ts';
import type { SessionControls } from '../task/context.ts';
import type { Task } from '../task/task.ts';
import { answerInStore } from './asks.ts';
import { Cancellation } from './cancellation.ts';
import { ChildRuns } from './child-runs.ts';
import { Children } from './children.ts';
import { type Clock, systemClock } from './clock.ts';
import { closeDown } from './closing.ts';
import { Counters } from './counters.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { readEvents } from './event-tail.ts';
import { Expiry } from './expiry.ts';
import { LaunchBlocks } from './launch-blocks.ts';
import { Launcher } from './launcher.ts';
import type { LiveRun } from './live-run.ts';
import { type ChangedPart, RunFeed } from './run-feed.ts';
import { RunLists } from './run-lists.ts';
import { Scheduler } from './scheduler.ts';
import { Space } from './space.ts';
import { isUnderWay, UNDER_WAY } from './states.ts';
import { statsOf } from './stats.ts';

export type EngineOptions = Omit<DispatcherOptions, 'space' | 'counters' | 'onChange'>;

/** Launches runs, lets them begin when there is room, and takes up those that a process before us has left. */
export class Engine {
  /** What there is to see of runs. */
  readonly lists: RunLists;
  readonly #options: EngineOptions;
  readonly #dispatcher: Dispatcher;
  readonly #blocks: LaunchBlocks;
  readonly #launcher: Launcher;
  readonly #cancellation: Cancellation;
  readonly #scheduler: Scheduler;
  readonly #expiry: Expiry;
  readonly #space: Space;
  readonly #clock: Clock;
  readonly #counters = new Counters();
  readonly #feed = new RunFeed();
  #closed: Promise<void> | undefined;

  private constructor(options: EngineOptions) {
    const { store, clock = systemClock, host, directories } = options;
    this.#options = options;
    this.#clock = clock;
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
      launch: (fire) => this.#launcher.launchTask(fire.taskId, {}, fire),
      cancel: (runId, reason) => this.#cancellation.cancel(runId, reason),
    });
    this.#expiry = new Expiry({ runs: store.runs, blobs: store.blobs, host, data: directories.data, clock });
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

  /** Writes down a new run, which begins as soon as there is room. Throws `LaunchRefused`. */
  launch(taskId: string, options: LaunchOptions = {}): Promise<RunRecord> {
    return this.#launcher.launchTask(taskId, options);
  }

  /** The same for a task that need not be defined, and that can be made again of its definition. */
  launchOwn(task: Task, options: LaunchOptions = {}): Promise<RunRecord> {
    checkTask(task);
    return this.#launcher.launchOwn(task, options);
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
      remedy: 'It takes messages once it is running, and until it ends.',
    });
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

  /** What the journal of a run holds by now. */
  past(runId: string): AsyncIterable<RunEvent> {
    return readEvents(this.#options.store.journal, runId, 0);
  }

  /**
   * Answers an open request: it is on disk when this resolves. The first answer holds; throws `not-found` when the
   * request is not open (any more), and `invalid-input` for an answer that is none to it.
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
  async *events(runId: string, { after = 0 }: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    checkNumber(after);
    this.#counters.readers++;
    try {
      yield* this.#events(runId, after);
    } finally {
      this.#counters.readers--;
    }
  }

  async *#events(runId: string, after: number): AsyncIterable<RunEvent> {
    for (let at = after; ; ) {
      const launched = this.#dispatcher.run(runId);
      const changed = launched?.changed;
      const { store } = this.#options;
      const source = launched?.live?.journal.events({ after: at }) ?? readEvents(store.journal, runId, at);
      for await (const event of source) {
        at = event.seq;
        yield event;
        if (event.type === 'run.ended') return;
      }
      if (!changed || this.#dispatcher.isStopped) return;
      await changed;
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
   * Stops what costs anything, with the turn that runs, until it is resumed; on disk when it resolves. Throws
   * `conversation-not-ready`, and `state-changed` when it is not under way.
   */
  async pause(runId: string, message = 'somebody wished it'): Promise<void> {
    await this.live(runId).pausing.close({ reason: 'wish', message });
  }

  /** Lets it go on. Throws `conversation-not-ready`, and `budget-reached` or `store-full` while that keeps it paused. */
  async resume(runId: string): Promise<void> {
    await this.live(runId).pausing.open();
  }

  /** Changes what it may use. Where its budget has paused it, it goes on with that. Throws `conversation-not-ready`, `invalid-input`. */
  async raiseBudget(runId: string, budget: Budget): Promise<void> {
    checkBudget(budget);
    await this.live(runId).pausing.changeBudget(budget);
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
