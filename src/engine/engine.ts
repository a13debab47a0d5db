import { randomBytes } from 'node:crypto';
import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { fromUnknown, LaunchRefused, OptioError } from '../errors.ts';
import type { RunFilter, RunRecord } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import { readEvents } from './event-tail.ts';
import { Launched } from './launched.ts';
import type { LiveRun } from './live-run.ts';
import { type Limits, Queue } from './queue.ts';
import { sourcesOf, UNDER_WAY } from './states.ts';
import { type Worked, Worker, type WorkerOptions } from './worker.ts';

export interface EngineOptions extends WorkerOptions {
  readonly limits?: Limits;
  /** Makes a task again of its definition, in a process that has not defined it. */
  readonly revive?: (definition: unknown) => Task;
}

export interface LaunchOptions {
  readonly params?: unknown;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Higher ones begin first (0). */
  readonly priority?: number;
  /** It does not begin before this time. */
  readonly notBefore?: Date;
  /** `refuse`: throw instead of waiting when a limit is reached (`wait`). */
  readonly whenFull?: 'wait' | 'refuse';
}

/** Launches runs, lets them begin when there is room, and takes up those that a process before us has left. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #worker: Worker;
  readonly #tasks = new Map<string, Task>();
  readonly #runs = new Map<string, Launched>();
  readonly #queue: Queue;
  #timer: NodeJS.Timeout | undefined;
  #isClosing = false;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#worker = new Worker(options);
    this.#queue = new Queue({
      ...(options.limits && { limits: options.limits }),
      limitOfTask: (taskId) => this.#tasks.get(taskId)?.maxRunning,
      canRun: ({ taskId }) => this.#tasks.has(taskId),
    });
  }

  /** Takes up what the store holds. Runs of tasks that are no plain data wait until those are defined. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    for (const run of await options.store.runs.list({ states: ['scheduled', ...UNDER_WAY] })) engine.#adopt(run);
    engine.#dispatch();
    return engine;
  }

  /** Makes a task known. A task of the same id takes the place of the one before, for the runs to come. */
  define(task: Task): void {
    this.#tasks.set(task.id, task);
    this.#dispatch();
  }

  /** Writes down a new run, which begins as soon as there is room. Throws `LaunchRefused`. */
  async launch(taskId: string, options: LaunchOptions = {}): Promise<RunRecord> {
    const task = this.#tasks.get(taskId);
    if (this.#isClosing) throw new LaunchRefused('shutting-down', 'no runs are begun any more: it is shutting down');
    if (!task) {
      const remedy = 'Define it first, in this process.';
      throw new LaunchRefused('not-found', `there is no task "${taskId}"`, { remedy });
    }
    const { params, priority, notBefore, whenFull } = options;
    const run = {
      id: newRunId(),
      taskId,
      definition: task.definition,
      params,
      metadata: { ...task.metadata, ...options.metadata },
      priority: priority ?? 0,
      createdAt: new Date().toISOString(),
      notBefore: notBefore?.toISOString() ?? null,
    };
    if (whenFull === 'refuse' && this.#queue.isFull(run)) {
      throw new LaunchRefused('at-limit', `as many runs are under way as the limits of "${taskId}" allow`, {
        remedy: 'Wait until one has ended, or let this one wait.',
      });
    }
    this.#runs.set(run.id, new Launched());
    const record = await this.#options.store.runs.add(run);
    this.#queue.add(record);
    this.#dispatch();
    return record;
  }

  find(runId: string): Promise<RunRecord | undefined> {
    return this.#options.store.runs.find(runId);
  }

  list(filter?: RunFilter): Promise<RunRecord[]> {
    return this.#options.store.runs.list(filter);
  }

  /** The run, while this process works on it. Throws `conversation-not-ready` otherwise. */
  live(runId: string): LiveRun {
    const live = this.#runs.get(runId)?.live;
    if (live) return live;
    throw new OptioError('conversation-not-ready', `run ${runId} is not under way`, {
      remedy: 'It takes messages once it is running, and until it ends.',
    });
  }

  /** The journal of a run after this number: past and to come, until it has ended. */
  async *events(runId: string, { after = 0 }: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
    for (let at = after; ; ) {
      const launched = this.#runs.get(runId);
      const changed = launched?.changed;
      const { store } = this.#options;
      const source = launched?.live?.journal.events({ after: at }) ?? readEvents(store.journal, runId, at);
      for await (const event of source) {
        at = event.seq;
        yield event;
        if (event.type === 'run.ended') return;
      }
      if (!changed || this.#isClosing) return;
      await changed;
    }
  }

  /** How it ended, once it has. Throws `not-found`. */
  async outcome(runId: string): Promise<RunOutcome> {
    const launched = this.#runs.get(runId);
    if (launched) return launched.outcome;
    const record = await this.find(runId);
    if (!record?.outcome) throw new OptioError('not-found', `there is no run ${runId}`);
    return record.outcome;
  }

  /** Gives the order to stop; resolves when that is written down. Does nothing for a run that has ended. */
  async cancel(runId: string, reason: string): Promise<void> {
    const launched = this.#runs.get(runId);
    if (!launched) {
      if (!(await this.find(runId))) throw new OptioError('not-found', `there is no run ${runId}`);
      return;
    }
    // Somebody here is about to take it: whoever claims a run then would only tear it from him.
    while (launched.working && !launched.live) await launched.changed;
    try {
      if (launched.live) await this.#cancelLive(launched.live, reason);
      else await this.#cancelScheduled(runId, reason);
    } catch (thrown) {
      const { code } = fromUnknown(thrown);
      if (code !== 'state-changed' && code !== 'claim-lost') throw thrown; // it has ended, or is on its way
    }
  }

  /**
   * Begins nothing any more, cancels what is under way and waits until it has ended. `leave`: what lives on outside of
   * this process is left as it is, for the next one to take up.
   */
  async close({ leave = false }: { readonly leave?: boolean } = {}): Promise<void> {
    this.#isClosing = true;
    clearTimeout(this.#timer);
    const closing = new OptioError('aborted', 'optio-codex is closing');
    for (const [runId, { live }] of this.#runs) {
      if (!live) continue;
      const canLeave = this.#tasks.get(live.taskId)?.canRecover === true;
      if (leave && canLeave) live.detach(closing);
      else await this.cancel(runId, closing.message);
    }
    await Promise.all([...this.#runs.values()].map(({ working }) => working));
  }

  async #cancelLive(live: LiveRun, reason: string): Promise<void> {
    await live.journal.change({
      change: { state: 'cancelling' },
      from: sourcesOf('cancelling'),
      events: [{ type: 'run.state', state: 'cancelling' }],
    });
    live.cancel(reason);
  }

  async #cancelScheduled(runId: string, reason: string): Promise<void> {
    this.#queue.remove(runId);
    await this.#worker.cancelScheduled(runId, reason);
    this.#settle(runId, (await this.find(runId))?.outcome);
  }

  #adopt(run: RunRecord): void {
    this.#runs.set(run.id, new Launched());
    if (!this.#tasks.has(run.taskId) && run.definition !== null && this.#options.revive) {
      this.#tasks.set(run.taskId, this.#options.revive(run.definition));
    }
    this.#queue.add(run);
  }

  /** Begins what may begin, and comes again when the next run is due. */
  #dispatch(): void {
    clearTimeout(this.#timer);
    if (this.#isClosing) return;
    const now = Date.now();
    for (let run = this.#queue.take(now); run; run = this.#queue.take(now)) this.#work(run.id, run.taskId);
    const dueAt = this.#queue.nextDueAt(now);
    if (dueAt !== undefined) this.#timer = setTimeout(() => this.#dispatch(), Math.min(dueAt - now, MAX_TIMER_MS));
  }

  #work(runId: string, taskId: string): void {
    const task = this.#tasks.get(taskId);
    const launched = this.#runs.get(runId);
    if (!task || !launched) return;
    const onLive = (live: LiveRun) => {
      launched.live = live;
    };
    launched.working = this.#worker
      .work(runId, task, onLive)
      .catch((): Worked => ({ kind: 'left' })) // the store takes nothing at all: it stays as it is written
      .then((worked) => {
        launched.working = undefined;
        launched.live = undefined;
        this.#queue.remove(runId);
        if (worked.kind === 'ended') this.#settle(runId, worked.outcome);
        else if (worked.kind === 'again') this.#queue.add(worked.record);
        this.#dispatch();
      });
  }

  #settle(runId: string, outcome: RunOutcome | null | undefined): void {
    if (outcome) this.#runs.get(runId)?.end(outcome);
    this.#runs.delete(runId);
  }
}

/** Timers of Node's cannot wait longer, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Names the run's private directory and its mark as well, so it is never somebody else's to choose. */
function newRunId(): string {
  return `run-${randomBytes(5).toString('hex')}`;
}
