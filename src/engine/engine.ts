import { randomBytes } from 'node:crypto';
import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { fromUnknown, LaunchRefused, OptioError } from '../errors.ts';
import type { RunFilter, RunRecord } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { readEvents } from './event-tail.ts';
import type { LiveRun } from './live-run.ts';
import { sourcesOf, UNDER_WAY } from './states.ts';

export type EngineOptions = DispatcherOptions;

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
  readonly #dispatcher: Dispatcher;
  #isClosing = false;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.#dispatcher = new Dispatcher(options);
  }

  /** Takes up what the store holds. Runs of tasks that are no plain data wait until those are defined. */
  static async open(options: EngineOptions): Promise<Engine> {
    const engine = new Engine(options);
    for (const run of await options.store.runs.list({ states: ['scheduled', ...UNDER_WAY] })) {
      engine.#dispatcher.add(run);
    }
    engine.#dispatcher.dispatch();
    return engine;
  }

  /** Makes a task known. A task of the same id takes the place of the one before, for the runs to come. */
  define(task: Task): void {
    this.#dispatcher.define(task);
  }

  /** Writes down a new run, which begins as soon as there is room. Throws `LaunchRefused`. */
  async launch(taskId: string, options: LaunchOptions = {}): Promise<RunRecord> {
    const task = this.#dispatcher.task(taskId);
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
    if (whenFull === 'refuse' && this.#dispatcher.isFull(run)) {
      throw new LaunchRefused('at-limit', `as many runs are under way as the limits of "${taskId}" allow`, {
        remedy: 'Wait until one has ended, or let this one wait.',
      });
    }
    const record = await this.#options.store.runs.add(run);
    this.#dispatcher.add(record);
    this.#dispatcher.dispatch();
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
    const live = this.#dispatcher.run(runId)?.live;
    if (live) return live;
    throw new OptioError('conversation-not-ready', `run ${runId} is not under way`, {
      remedy: 'It takes messages once it is running, and until it ends.',
    });
  }

  /** The journal of a run after this number: past and to come, until it has ended. */
  async *events(runId: string, { after = 0 }: { readonly after?: number } = {}): AsyncIterable<RunEvent> {
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
      if (!changed || this.#isClosing) return;
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

  /** Gives the order to stop; resolves when that is written down. Does nothing for a run that has ended. */
  async cancel(runId: string, reason: string): Promise<void> {
    const launched = this.#dispatcher.run(runId);
    if (!launched) {
      if (!(await this.find(runId))) throw new OptioError('not-found', `there is no run ${runId}`);
      return;
    }
    // Somebody here is about to take it: whoever claims a run then would only tear it from him.
    while (launched.working && !launched.live) await launched.changed;
    try {
      if (launched.live) await this.#cancelLive(launched.live, reason);
      else await this.#dispatcher.cancelScheduled(runId, reason);
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
    this.#dispatcher.stop();
    const closing = new OptioError('aborted', 'optio-codex is closing');
    for (const [runId, { live }] of this.#dispatcher.runs) {
      if (!live) continue;
      const canLeave = this.#dispatcher.task(live.taskId)?.canRecover === true;
      if (leave && canLeave) live.detach(closing);
      else await this.cancel(runId, closing.message);
    }
    await Promise.all([...this.#dispatcher.runs.values()].map(({ working }) => working));
  }

  async #cancelLive(live: LiveRun, reason: string): Promise<void> {
    await live.journal.change({
      change: { state: 'cancelling' },
      from: sourcesOf('cancelling'),
      events: [{ type: 'run.state', state: 'cancelling' }],
    });
    live.cancel(reason);
  }
}

/** Names the run's private directory and its mark as well, so it is never somebody else's to choose. */
function newRunId(): string {
  return `run-${randomBytes(5).toString('hex')}`;
}
