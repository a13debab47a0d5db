import type { RunOutcome } from '../contract/outcome.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { CancelOrder, RunRecord, Store } from '../store/store.ts';
import type { Task } from '../task/task.ts';
import type { Clock } from './clock.ts';
import type { Dispatcher } from './dispatcher.ts';
import { IdleRuns } from './idle-runs.ts';
import type { Launched } from './launched.ts';
import { isEnded, UNDER_WAY } from './states.ts';
import type { WorkerOptions } from './worker.ts';

/** How long a run may take to stop, unless its task says otherwise, in milliseconds. */
const GRACE_MS = 5_000;

/** Whoever takes up a run that was told to stop has so long at least to tidy up after it, in milliseconds. */
const LEAST_MS = 10_000;

/** Until when, by `performance.now()`, the orders hold that this process has given or found. */
const deadlines = new WeakMap<CancelOrder, number>();

/** The order to stop, with the time that one may take who has this `graceMs`. */
export function orderTo(
  { graceMs = GRACE_MS }: Pick<Task, 'graceMs'>,
  reason: string,
  from: CancelOrder['from'],
): CancelOrder {
  const order = { reason, deadline: new Date(Date.now() + graceMs).toISOString(), graceMs, from };
  deadlines.set(order, performance.now() + graceMs);
  return order;
}

/**
 * How long is left of it, in milliseconds. It goes by the time that passes; the clock is asked only for an order of
 * another process: one that was set back gives nobody more time, and one that was set ahead leaves some.
 */
export function leftOf(order: CancelOrder): number {
  const now = performance.now();
  const least = Math.min(order.graceMs, LEAST_MS);
  const byClock = Math.min(order.graceMs, Math.max(least, Date.parse(order.deadline) - Date.now()));
  const deadline = deadlines.get(order) ?? now + byClock;
  deadlines.set(order, deadline);
  return Math.max(0, deadline - now);
}

/** Gives orders to stop: to runs that wait, to those that are worked on, and to all that they have begun. */
export class Cancellation {
  readonly #runs: Store['runs'];
  readonly #idle: IdleRuns;
  readonly #dispatcher: Dispatcher;

  constructor(
    store: Store,
    dispatcher: Dispatcher,
    clock: Clock,
    place: Pick<WorkerOptions, 'host' | 'directories' | 'counters'>,
  ) {
    this.#runs = store.runs;
    this.#idle = new IdleRuns(store, clock, place);
    this.#dispatcher = dispatcher;
  }

  /**
   * The order to stop for a run and all that it has begun, which has one deadline: what its task says, or else that of
   * those below it which may take longest.
   */
  orderTo(runId: string, reason: string, from: CancelOrder['from']): CancelOrder {
    const run = this.#dispatcher.run(runId);
    const own = run && this.#dispatcher.taskOf(run.record)?.graceMs;
    return orderTo({ graceMs: own ?? this.#longestBelow(runId) }, reason, from);
  }

  /**
   * Resolves when the order is written down; the first one holds. `order`: the one of the run above, whose deadline is
   * that of all below it. Does nothing for a run that has ended. Throws `claim-lost` for one that this process has left
   * meanwhile, since it closes.
   */
  async cancel(runId: string, reason: string, order?: CancelOrder): Promise<void> {
    for (let run = this.#dispatcher.run(runId); run; run = this.#dispatcher.run(runId)) {
      if (run.isTaken && !run.live) {
        await run.changed; // whoever claims a run that somebody is about to take would only tear it from him
        continue;
      }
      const { live } = run;
      const own = order ?? this.orderTo(runId, reason, 'outside');
      try {
        await (live ? live.stop(own) : this.#orderIdle(run, own));
        return;
      } catch (thrown) {
        const { code } = fromUnknown(thrown);
        if (code !== 'state-changed' && code !== 'claim-lost') throw thrown;
        if (live?.detached.aborted && this.#dispatcher.isDraining) throw thrown; // we have left it ourselves
        const state = (await this.#runs.find(runId))?.state;
        if (state === undefined || isEnded(state) || state === 'cancelling') return;
        await run.working; // it was changing just then, to be tried again maybe, and the order holds for that too
      }
    }
  }

  /** Gives the order to whatever a run has begun and is not over. */
  async cancelChildren(parentId: string, order: CancelOrder): Promise<void> {
    await Promise.all((await this.#active({ parentId })).map(({ id }) => this.cancel(id, order.reason, order)));
  }

  /** The same, and waits until all of it is over. */
  async endChildren(parentId: string, order: CancelOrder): Promise<void> {
    const children = await this.#active({ parentId });
    const ends = children.map(async ({ id }) => {
      const outcome = this.#dispatcher.run(id)?.outcome;
      await this.cancel(id, order.reason, order);
      await outcome;
    });
    await Promise.all(ends);
  }

  /**
   * Gives the order to all runs with these tags, also to those whose launch is under way: `settled` resolves when that
   * is. Resolves with their ids when it is written down. One that cannot be told keeps it from none of the others, and why
   * is thrown after them.
   */
  async cancelGroup(
    metadata: Readonly<Record<string, string>>,
    reason: string,
    settled: () => Promise<void>,
  ): Promise<string[]> {
    if (Object.keys(metadata).length === 0) {
      throw new OptioError('invalid-input', 'a group without a tag would be every run there is', {
        remedy: 'Name at least one tag that its runs have.',
      });
    }
    const told = new Set<string>();
    const sweep = async () => {
      const problems: unknown[] = [];
      // The oldest first: what they have begun gets the order, and the deadline, from them.
      for (const { id } of await this.#active({ metadata })) {
        if (told.has(id)) continue;
        await this.cancel(id, reason).then(
          () => told.add(id),
          (thrown) => problems.push(thrown),
        );
      }
      return problems;
    };
    await sweep();
    await settled();
    const problems = await sweep(); // those that could not be told before, too
    if (problems.length > 0) throw problems[0];
    return [...told];
  }

  /** Sees to it that a run that was told to stop, and that nobody works on, is over in time. */
  watch(runId: string, order: CancelOrder): void {
    const force = async () => {
      if (this.#dispatcher.run(runId)?.isTaken) return; // whoever works on it sees to that
      await this.endChildren(runId, order);
      const run = this.#dispatcher.run(runId);
      if (!run || run.isTaken) return;
      this.#dispatcher.hold(runId);
      run.working = this.#settle(run, this.#idle.letGo(run, order, this.#dispatcher.taskOf(run.record))).catch(
        () => {},
      );
    };
    setTimeout(() => void force().catch(() => {}), leftOf(order)).unref();
  }

  /** Nobody works on it: one that waits ends so, any other is told to stop as soon as somebody takes it up. */
  async #orderIdle(run: Launched, order: CancelOrder): Promise<void> {
    const { id } = run.record;
    this.#dispatcher.hold(id);
    const ordered = this.#settle(run, this.#idle.order(run, order, this.#dispatcher.taskOf(run.record)));
    run.working = ordered.catch(() => {});
    await ordered;
    if (this.#dispatcher.run(id)) this.watch(id, order);
  }

  async #settle(run: Launched, ordered: Promise<RunOutcome | undefined>): Promise<void> {
    const { id } = run.record;
    try {
      const outcome = await ordered;
      if (outcome) this.#dispatcher.settle(id, outcome);
    } finally {
      const record = this.#dispatcher.run(id) && (await this.#runs.find(id));
      run.working = undefined;
      if (record && !isEnded(record.state)) this.#dispatcher.putBack(record);
      this.#dispatcher.dispatch();
    }
  }

  #longestBelow(runId: string): number {
    let longest = GRACE_MS;
    const all = [...this.#dispatcher.runs.values()].map(({ record }) => record);
    for (let level = new Set([runId]); level.size > 0; ) {
      const below = all.filter(({ parentId }) => parentId !== null && level.has(parentId));
      for (const record of below) longest = Math.max(longest, this.#dispatcher.taskOf(record)?.graceMs ?? 0);
      level = new Set(below.map(({ id }) => id));
    }
    return longest;
  }

  #active(filter: { readonly parentId?: string; readonly metadata?: RunRecord['metadata'] }): Promise<RunRecord[]> {
    return this.#runs.list({ ...filter, states: ['scheduled', ...UNDER_WAY] });
  }
}
