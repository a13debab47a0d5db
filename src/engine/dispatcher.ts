import type { RunOutcome } from '../contract/outcome.ts';
import type { RunRecord } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import { Launched } from './launched.ts';
import type { LiveRun } from './live-run.ts';
import { type Limits, Queue } from './queue.ts';
import { type Worked, Worker, type WorkerOptions } from './worker.ts';

export interface DispatcherOptions extends WorkerOptions {
  readonly limits?: Limits;
  /** Makes a task again of its definition, in a process that has not defined it. */
  readonly revive?: (definition: unknown) => Task;
}

/** Knows the tasks and all runs that have not ended, and lets those begin for which there is room. */
export class Dispatcher {
  readonly worker: Worker;
  readonly #revive: DispatcherOptions['revive'];
  readonly #tasks = new Map<string, Task>();
  readonly #runs = new Map<string, Launched>();
  readonly #queue: Queue;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor({ limits, revive, ...options }: DispatcherOptions) {
    this.worker = new Worker(options);
    this.#revive = revive;
    this.#queue = new Queue({
      ...(limits && { limits }),
      limitOfTask: (taskId) => this.#tasks.get(taskId)?.maxRunning,
      canRun: ({ taskId }) => this.#tasks.has(taskId),
    });
  }

  /** Makes a task known. A task of the same id takes the place of the one before, for the runs to come. */
  define(task: Task): void {
    this.#tasks.set(task.id, task);
    this.dispatch();
  }

  task(taskId: string): Task | undefined {
    return this.#tasks.get(taskId);
  }

  /** A run that has not ended. */
  run(runId: string): Launched | undefined {
    return this.#runs.get(runId);
  }

  /** All that have not ended, by their ids. */
  get runs(): ReadonlyMap<string, Launched> {
    return this.#runs;
  }

  /** Whether a run like this would have to wait for others to end. */
  isFull(run: Pick<RunRecord, 'taskId' | 'metadata'>): boolean {
    return this.#queue.isFull(run);
  }

  /** Takes a run that has not ended; it begins with the next `dispatch` that finds room for it. */
  add(run: RunRecord): void {
    this.#runs.set(run.id, new Launched());
    if (!this.#tasks.has(run.taskId) && run.definition !== null && this.#revive) {
      this.#tasks.set(run.taskId, this.#revive(run.definition));
    }
    this.#queue.add(run);
  }

  /** Begins what may begin, and comes again when the next run is due. */
  dispatch(): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const now = Date.now();
    for (let run = this.#queue.take(now); run; run = this.#queue.take(now)) this.#work(run.id, run.taskId);
    const dueAt = this.#queue.nextDueAt(now);
    if (dueAt !== undefined) this.#timer = setTimeout(() => this.dispatch(), Math.min(dueAt - now, MAX_TIMER_MS));
  }

  /** Ends a run that waits. Throws `state-changed` when it does not wait any more. */
  async cancelScheduled(runId: string, reason: string): Promise<void> {
    this.#queue.remove(runId);
    this.#settle(runId, await this.worker.cancelScheduled(runId, reason));
  }

  /** Begins nothing any more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #work(runId: string, taskId: string): void {
    const task = this.#tasks.get(taskId);
    const launched = this.#runs.get(runId);
    if (!task || !launched) return;
    const onLive = (live: LiveRun) => {
      launched.live = live;
    };
    launched.working = this.worker
      .work(runId, task, onLive)
      .catch((): Worked => ({ kind: 'left' })) // the store takes nothing at all: it stays as it is written
      .then((worked) => {
        launched.working = undefined;
        launched.live = undefined;
        this.#queue.remove(runId);
        if (worked.kind === 'ended') this.#settle(runId, worked.outcome);
        else if (worked.kind === 'again') this.#queue.add(worked.record);
        this.dispatch();
      });
  }

  #settle(runId: string, outcome: RunOutcome): void {
    this.#runs.get(runId)?.end(outcome);
    this.#runs.delete(runId);
  }
}

/** Timers of Node's cannot wait longer, in milliseconds. */
const MAX_TIMER_MS = 2 ** 31 - 1;
