import type { ScheduleStatus } from '../contract/schedule.ts';
import { checkTask } from '../task/check.ts';
import type { Task } from '../task/task.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Scheduler } from './scheduler.ts';

export interface TaskListOptions {
  readonly dispatcher: Dispatcher;
  readonly scheduler: Scheduler;
}

/** The tasks of an engine, with their schedules. */
export class TaskList {
  readonly #dispatcher: Dispatcher;
  readonly #scheduler: Scheduler;

  constructor({ dispatcher, scheduler }: TaskListOptions) {
    this.#dispatcher = dispatcher;
    this.#scheduler = scheduler;
  }

  /** Makes known what is written down, as far as it is plain data. */
  async load(): Promise<void> {
    for (const task of await this.#dispatcher.tasks.load()) this.#scheduler.set(task);
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
  async pause(taskId: string): Promise<void> {
    this.#scheduler.set(await this.#dispatcher.tasks.pause(taskId, true));
  }

  /** Lets a task be launched again, and its schedule hold from now on. Throws `not-found`. */
  async resume(taskId: string): Promise<void> {
    this.#scheduler.set(await this.#dispatcher.tasks.pause(taskId, false));
    await this.#scheduler.look();
  }

  /** Where the schedules stand, after what is due by now. */
  schedules(): Promise<ScheduleStatus[]> {
    return this.#scheduler.statuses();
  }

  /** Why runs of a task cannot be executed in this process; null when they can. */
  problemOf(taskId: string): string | null {
    return this.#dispatcher.tasks.problemOf(taskId);
  }
}
