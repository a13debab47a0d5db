import { fromUnknown, LaunchRefused, OptioError } from '../errors.ts';
import type { RunRecord, Store } from '../store/store.ts';
import { checkTask } from '../task/check.ts';
import type { ChildSpec } from '../task/child.ts';
import type { Progress } from '../task/progress.ts';
import type { Task } from '../task/task.ts';
import type { Cancellation } from './cancellation.ts';
import type { Dispatcher } from './dispatcher.ts';
import { type Launcher, nameOf } from './launcher.ts';
import type { LiveRun } from './live-run.ts';
import { mergedParams } from './merged-params.ts';
import { newRunId } from './run-id.ts';
import { isUnderWay, UNDER_WAY } from './states.ts';

export interface ChildRunsOptions {
  readonly runs: Store['runs'];
  readonly dispatcher: Dispatcher;
  readonly launcher: Launcher;
  readonly cancellation: Cancellation;
}

/** The children of runs, as runs of their own. */
export class ChildRuns {
  readonly #options: ChildRunsOptions;

  constructor(options: ChildRunsOptions) {
    this.#options = options;
  }

  get cancellation(): Cancellation {
    return this.#options.cancellation;
  }

  /**
   * Begins a child, or finds the one that an execution before this one has begun. Undefined when its parent begins none
   * any more. Throws `LaunchRefused`, and `invalid-input` for params that the task refuses.
   */
  async begin(parent: LiveRun, { task: wanted, params }: ChildSpec, key: string): Promise<RunRecord | undefined> {
    const task = typeof wanted === 'string' ? this.#find(wanted) : wanted;
    const own = typeof wanted === 'string' ? undefined : wanted;
    if (own) checkTask(own);
    const before = await this.#before(parent, key);
    if (before) {
      if (own) this.#options.dispatcher.bring(before.id, own);
      return before;
    }
    const { record } = parent;
    const states = UNDER_WAY.filter((state) => state !== 'cancelling' || parent.task.cancelsChildren === false);
    const child = {
      id: newRunId(),
      taskId: task.id,
      name: nameOf(task),
      host: record.host,
      definition: task.definition,
      params: mergedParams(task.params, params ?? undefined),
      metadata: { ...task.metadata, ...record.metadata },
      priority: record.priority,
      budget: task.budget ?? null,
      parentId: record.id,
      rootId: record.rootId,
      childKey: key,
      parentAttempt: record.attempt,
      parent: { claim: record.claim, states },
    };
    task.checkParams?.(child.params);
    if (parent.signal.aborted && !states.includes('cancelling')) return undefined;
    try {
      return await this.#options.launcher.launch(child, own);
    } catch (thrown) {
      if (fromUnknown(thrown).code !== 'state-changed') throw thrown;
      return undefined; // its parent was told to stop, or let go, just then
    }
  }

  /** The child once it is over. */
  async ended(runId: string, onProgress?: (progress: Progress) => void): Promise<RunRecord> {
    const launched = this.#options.dispatcher.run(runId);
    if (launched) {
      launched.onProgress = onProgress;
      await launched.outcome;
    }
    const record = await this.#options.runs.find(runId);
    if (!record?.outcome) throw new OptioError('not-found', `the run ${runId} is not there any more`);
    return record;
  }

  /** An attempt of its parent keeps what was done before it, and does again what was not. */
  async #before(parent: LiveRun, key: string): Promise<RunRecord | undefined> {
    const all = await this.#options.runs.list({ parentId: parent.runId, childKey: key });
    const same = all.find(({ parentAttempt }) => parentAttempt === parent.attempt);
    return same ?? all.find(({ state }) => state === 'done' || isUnderWay(state));
  }

  #find(taskId: string): Task {
    const task = this.#options.dispatcher.task(taskId);
    if (task) return task;
    const remedy = 'Define it first, in this process, or give the task itself.';
    throw new LaunchRefused('not-found', `there is no task "${taskId}"`, { remedy });
  }
}
