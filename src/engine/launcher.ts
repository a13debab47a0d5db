import type { NewRun, RunRecord, Store } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { LaunchBlocks } from './launch-blocks.ts';

/** Writes down new runs, those of people and programs and those that another run begins, and lets them begin. */
export class Launcher {
  readonly #runs: Store['runs'];
  readonly #dispatcher: Dispatcher;
  readonly #blocks: LaunchBlocks;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(runs: Store['runs'], dispatcher: Dispatcher, blocks: LaunchBlocks) {
    this.#runs = runs;
    this.#dispatcher = dispatcher;
    this.#blocks = blocks;
  }

  /** `task`: its own, where nobody else can bring it. Throws `LaunchRefused`. */
  async launch(run: NewRun, task?: Task): Promise<RunRecord> {
    this.#blocks.check(run.metadata ?? {});
    const added = this.#add(run, task);
    this.#underWay.add(added);
    try {
      return await added;
    } finally {
      this.#underWay.delete(added);
    }
  }

  /** Resolves when all that were launched up to now are there, or are not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #add(run: NewRun, task: Task | undefined): Promise<RunRecord> {
    const record = await this.#runs.add(run);
    this.#dispatcher.add(record, task);
    this.#dispatcher.dispatch();
    return record;
  }
}
