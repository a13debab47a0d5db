import type { Fire, NewRun, RunRecord, Store } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Clock } from './clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { LaunchBlocks } from './launch-blocks.ts';

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

export interface LauncherOptions {
  readonly runs: Pick<Store['runs'], 'add'>;
  readonly dispatcher: Dispatcher;
  readonly blocks: LaunchBlocks;
  readonly clock: Pick<Clock, 'now'>;
}

/** Writes down new runs, those of people and programs and those that another run begins, and lets them begin. */
export class Launcher {
  readonly #options: LauncherOptions;
  readonly #underWay = new Map<Promise<unknown>, NewRun>();

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** `task`: its own, where nobody else can bring it. `fire`: its time of a schedule. Throws `LaunchRefused`. */
  async launch(run: NewRun, task?: Task, fire?: Fire): Promise<RunRecord> {
    this.#options.blocks.check(run.metadata ?? {});
    const added = this.#add(run, task, fire);
    this.#underWay.set(added, run);
    try {
      return await added;
    } finally {
      this.#underWay.delete(added);
    }
  }

  /** Resolves when all that were launched up to now are there, or are not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.keys());
  }

  /** Those that are not written yet: of two that come at once the second has to know of the first. */
  get underWay(): { readonly taskId: string; readonly metadata: RunRecord['metadata'] }[] {
    return [...this.#underWay.values()].map(({ taskId, metadata = {} }) => ({ taskId, metadata }));
  }

  async #add(run: NewRun, task: Task | undefined, fire: Fire | undefined): Promise<RunRecord> {
    const { runs, dispatcher, clock } = this.#options;
    const record = await runs.add({ ...run, createdAt: new Date(clock.now()).toISOString() }, fire);
    dispatcher.add(record, task);
    dispatcher.dispatch();
    return record;
  }
}
