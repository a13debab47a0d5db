import type { LaunchOptions } from '../contract/api.ts';
import { LaunchRefused, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { LOCAL } from '../store/runs.ts';
import type { Fire, LaunchKey, NewRun, RunRecord, Store } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Clock } from './clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { LaunchBlocks } from './launch-blocks.ts';
import { mergedParams } from './merged-params.ts';
import { newRunId } from './run-id.ts';
import type { Space } from './space.ts';

/** How long the name of a run is at most: it stands in lists. */
const MAX_NAME = 200;

export interface LauncherOptions {
  readonly space: Pick<Space, 'isShort'>;
  readonly host: Host;
  readonly runs: Pick<Store['runs'], 'add'>;
  readonly dispatcher: Dispatcher;
  readonly blocks: LaunchBlocks;
  readonly clock: Pick<Clock, 'now'>;
}

interface HowLaunched {
  /** It is the run for this time of a schedule. */
  readonly fire?: Fire | undefined;
  /** There is one run for this key. */
  readonly launchKey?: LaunchKey | undefined;
}

/** Writes down new runs, those of people and programs and those that another run begins, and lets them begin. */
export class Launcher {
  readonly #options: LauncherOptions;
  #isClosed = false;
  readonly #underWay = new Map<Promise<unknown>, NewRun>();

  constructor(options: LauncherOptions) {
    this.#options = options;
  }

  /** Launches a run of a task that is known. Throws `LaunchRefused`, `store-full`, `invalid-input`. */
  async launchTask(taskId: string, options: LaunchOptions, how: HowLaunched = {}): Promise<RunRecord> {
    const { tasks } = this.#options.dispatcher;
    const task = tasks.get(taskId);
    this.#checkOpen();
    if (!task) {
      const remedy = 'Define it first (addTask). Those there are: tasks().';
      throw new LaunchRefused('not-found', `there is no task "${taskId}"`, { remedy });
    }
    this.checkTask(taskId);
    return this.launchOwn(task, options, how);
  }

  /**
   * Launches a run of a task that need not be known, and that can be made again of its definition. Throws `LaunchRefused`,
   * `store-full`, `invalid-input` for params that the task refuses, and what its `checkPlace` throws.
   */
  async launchOwn(task: Task, options: LaunchOptions, { fire, launchKey }: HowLaunched = {}): Promise<RunRecord> {
    const { dispatcher, host } = this.#options;
    this.#checkOpen();
    const { priority, notBefore, whenFull } = options;
    const params = mergedParams(task.params, options.params);
    if (!fire) task.checkParams?.(params);
    if (!fire && notBefore === undefined && task.checkPlace) await task.checkPlace(host);
    this.#checkOpen();
    const budget = { ...task.budget, ...options.budget };
    const run = {
      id: newRunId(),
      taskId: task.id,
      name: nameOf(task, options),
      host: host.name,
      definition: task.definition,
      params,
      ttlMs: task.ttlMs ?? null,
      budget: Object.keys(budget).length > 0 ? budget : null,
      metadata: { ...task.metadata, ...options.metadata },
      priority: priority ?? 0,
      notBefore: notBefore?.toISOString() ?? null,
      launchKey,
    };
    if (whenFull === 'refuse' && dispatcher.isFull(run, this.underWay)) {
      throw new LaunchRefused('at-limit', `as many runs are under way as the limits of "${task.id}" allow`, {
        remedy: 'Wait until one has ended, or let this one wait.',
      });
    }
    return this.launch(run, dispatcher.task(task.id) === task ? undefined : task, fire);
  }

  /** Throws `LaunchRefused` while nothing of this task is launched, or nothing at all any more. */
  checkTask(taskId: string): void {
    this.#checkOpen();
    if (!this.#options.dispatcher.tasks.isPaused(taskId)) return;
    throw new LaunchRefused('not-launchable', `the task "${taskId}" is paused`, { remedy: 'Resume it first.' });
  }

  /** Launches nothing any more but what runs that are under way begin. */
  close(): void {
    this.#isClosed = true;
  }

  /** `task`: its own, where nobody else can bring it. `fire`: its time of a schedule. Throws `LaunchRefused`. */
  async launch(run: NewRun, task?: Task, fire?: Fire): Promise<RunRecord> {
    if (this.#options.space.isShort) throw noSpace();
    this.#options.blocks.check(run.metadata ?? {});
    const added = this.#add(run, task, fire);
    this.#underWay.set(added, run);
    try {
      return await added;
    } finally {
      this.#underWay.delete(added);
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new LaunchRefused('shutting-down', 'no runs are begun any more: it is shutting down');
  }

  /** Resolves when all that were launched up to now are there, or are not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay.keys());
  }

  /** Those that are not written yet: of two that come at once the second has to know of the first. */
  get underWay(): Pick<RunRecord, 'taskId' | 'host' | 'metadata'>[] {
    return [...this.#underWay.values()].map(({ taskId, host = LOCAL, metadata = {} }) => ({ taskId, host, metadata }));
  }

  async #add(run: NewRun, task: Task | undefined, fire: Fire | undefined): Promise<RunRecord> {
    const { runs, dispatcher, clock } = this.#options;
    const record = await runs.add({ ...run, createdAt: new Date(clock.now()).toISOString() }, fire);
    if (record.id !== run.id) return record; // somebody has launched it before with its key
    dispatcher.add(record, task);
    dispatcher.dispatch();
    return record;
  }
}

/** What a run is called: as its launch says, or its task. */
export function nameOf({ id, name }: Pick<Task, 'id' | 'name'>, options: Pick<LaunchOptions, 'name'> = {}): string {
  return options.name ?? ((name ?? '').slice(0, MAX_NAME) || id);
}

function noSpace(): OptioError {
  return new OptioError('store-full', 'no run is begun: there is no space left where its data would lie', {
    remedy: 'Make space where the data directory lies.',
  });
}
