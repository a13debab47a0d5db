import { fromUnknown, OptioError } from '../errors.ts';
import type { RunRecord, TaskRecord, Tasks } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Clock } from './clock.ts';
import { checkedSchedule } from './schedule.ts';

export interface KnownTasksOptions {
  readonly store: Tasks;
  readonly clock: Clock;
  /** Makes a task again of its definition, in a process that has not defined it. */
  readonly revive?: ((definition: unknown) => Task) | undefined;
}

/** The tasks that this process can execute: those that were defined in it, and those that are plain data. */
export class KnownTasks {
  readonly #options: KnownTasksOptions;
  readonly #tasks = new Map<string, Task>();
  /** Why a task that is plain data could not be made again. */
  readonly #problems = new Map<string, string>();
  readonly #paused = new Set<string>();

  constructor(options: KnownTasksOptions) {
    this.#options = options;
  }

  get(taskId: string): Task | undefined {
    return this.#tasks.get(taskId);
  }

  /** Why runs of a task cannot be executed here; null when they can. */
  problemOf(taskId: string): string | null {
    if (this.#tasks.has(taskId)) return null;
    return this.#problems.get(taskId) ?? 'nobody has defined the task in this process';
  }

  /** Makes known what can be made of data alone, and gives all that is written. */
  async load(): Promise<TaskRecord[]> {
    const records = await this.#options.store.list();
    for (const record of records) {
      const task = this.#revived(record.id, record.definition);
      if (task) this.#tasks.set(record.id, task);
      this.#note(record);
    }
    return records;
  }

  /** Makes a task of its data; undefined when that cannot be done. */
  #revived(taskId: string, definition: unknown): Task | undefined {
    const { revive } = this.#options;
    if (definition === null || !revive) return undefined;
    try {
      return revive(definition);
    } catch (thrown) {
      this.#problems.set(taskId, `the task cannot be made again of its definition: ${fromUnknown(thrown).message}`);
      return undefined;
    }
  }

  /**
   * The task of a run as it was at its launch. Functions are not kept with that: whoever has defined the task in this
   * process is told of its requests.
   */
  ofRun({ taskId, definition }: Pick<RunRecord, 'taskId' | 'definition'>): Task | undefined {
    const task = this.#revived(taskId, definition);
    return task && { ...task, onRequest: (opened) => this.#tasks.get(taskId)?.onRequest?.(opened) };
  }

  /** Nothing of it is launched. */
  isPaused(taskId: string): boolean {
    return this.#paused.has(taskId);
  }

  /** Throws `not-found`. */
  async pause(taskId: string, isPaused: boolean): Promise<TaskRecord> {
    const record = await this.#options.store.pause(taskId, isPaused, this.#now());
    this.#note(record);
    return record;
  }

  /** Makes a task known at once; it is written down when this resolves. Throws `invalid-config`. */
  async define(task: Task): Promise<TaskRecord> {
    const { id, name, description = null, metadata = {}, definition } = task;
    const schedule = checkedSchedule(task.schedule);
    this.#tasks.set(id, task);
    const definedAs = { id, name, description, metadata, definition, schedule };
    const record = await this.#options.store.put(definedAs, this.#now());
    this.#note(record);
    return record;
  }

  /** Forgets a task. Throws `not-found`, and `task-busy` when runs of it have not ended. */
  async remove(taskId: string): Promise<void> {
    const { store } = this.#options;
    const task = this.#tasks.get(taskId);
    if (!task && !(await store.find(taskId)))
      throw new OptioError('not-found', `there is no task "${taskId}"`, {
        remedy: 'Look for it in the list of tasks.',
      });
    this.#tasks.delete(taskId); // so that nothing of it is launched meanwhile
    let isRemoved = false;
    try {
      isRemoved = await store.remove(taskId);
    } finally {
      if (isRemoved) this.#paused.delete(taskId);
      else if (task && !this.#tasks.has(taskId)) this.#tasks.set(taskId, task); // somebody may have defined it anew
    }
    if (isRemoved) return;
    throw new OptioError('task-busy', `runs of the task "${taskId}" have not ended`, {
      remedy: 'Cancel them and wait for their outcome, or let them end.',
    });
  }

  #note({ id, isPaused }: TaskRecord): void {
    if (isPaused) this.#paused.add(id);
    else this.#paused.delete(id);
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }
}
