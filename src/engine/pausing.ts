import type { Budget } from '../contract/budget.ts';
import type { Pause, RunEventBody } from '../contract/event.ts';
import type { RunView } from '../contract/view.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { RunRecord } from '../store/store.ts';
import { BudgetMeter, type Reached } from './budget.ts';
import type { Clock } from './clock.ts';
import type { JournalChange } from './live-journal.ts';
import { PauseGate } from './pause-gate.ts';
import type { Space } from './space.ts';

export interface PausingOptions {
  readonly record: Pick<RunRecord, 'id' | 'state' | 'budget'>;
  readonly clock: Clock;
  readonly space: Pick<Space, 'isShort'>;
  readonly change: (change: JournalChange) => Promise<void>;
  /** The run has failed, whatever its task says. */
  readonly fail: (why: OptioError) => void;
}

/** When a run does not go on, and why: somebody wished so, its budget is used up, there is no space left. */
export class Pausing {
  readonly #options: PausingOptions;
  readonly #gate: PauseGate;
  readonly #meter: BudgetMeter;
  #pause: Pause | undefined;
  #rested = Promise.withResolvers<void>();
  /** One change after the other. */
  #changing: Promise<unknown> = Promise.resolve();

  constructor(options: PausingOptions) {
    this.#options = options;
    const { record, clock } = options;
    this.#gate = new PauseGate(record.state === 'paused');
    this.#meter = new BudgetMeter(record.budget ?? {}, { clock, onReached: (reached) => this.#onReached(reached) });
  }

  /** Why it is paused; undefined when it is not. */
  get pause(): Pause | undefined {
    return this.#pause;
  }

  /** Open while it may go on. */
  get gate(): Pick<PauseGate, 'isClosed' | 'whenClosed' | 'whenOpen'> {
    return this.#gate;
  }

  /** Goes on from what the journal says of other processes and other attempts. */
  takeUp(view: RunView): void {
    this.#pause = view.pause ?? undefined;
    this.#meter.takeUp(view);
    if (this.#options.record.state === 'running') this.begin();
  }

  /** What there is to tell of its budget when it begins. */
  begun(): RunEventBody[] {
    const { budget } = this.#options.record;
    return budget ? [{ type: 'budget.updated', budget }] : [];
  }

  /** It is under way: its time runs, unless there is no space for what it would tell. */
  begin(): void {
    this.#meter.begin();
    if (this.#options.space.isShort) void this.closeForSpace();
  }

  /** It is over. */
  end(): void {
    this.#meter.rest();
  }

  onEvent(event: RunEventBody): void {
    this.#meter.onEvent(event);
  }

  /** See `RunContext.admitTurn`. */
  async admitTurn(): Promise<void> {
    for (;;) {
      await this.#gate.whenOpen();
      const reached = this.#meter.beforeTurn();
      if (reached === undefined) return;
      await this.#reach(reached);
    }
  }

  /**
   * Stops at once what costs anything, and resolves when the pause is written down. The first one holds. Throws
   * `state-changed` when it is not under way (any more).
   */
  close(pause: Pause): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#pause) return;
      this.#gate.close();
      this.#pause = pause;
      try {
        const told = { type: 'run.state', state: 'paused', pause } as const;
        await this.#options.change({ change: { state: 'paused' }, from: ['running'], events: [told] });
        this.#meter.rest();
      } catch (thrown) {
        this.#pause = undefined;
        this.#gate.open();
        throw thrown;
      }
    });
  }

  /** There is no space left. Resolves when it does nothing any more that would take some. */
  async closeForSpace(): Promise<void> {
    const message = 'there is no space left where its data lies';
    const closed = this.close({ reason: 'storeFull', message }).catch(() => {}); // it is not under way (any more)
    await Promise.race([closed, this.#rested.promise]);
  }

  /** See `RunContext.atRest`. */
  atRest(): void {
    this.#rested.resolve();
  }

  /** There is space again. */
  openForSpace(): void {
    if (this.#pause?.reason === 'storeFull') this.open().catch(() => {}); // it has ended just then
  }

  /** Lets it go on. Does nothing when it is not paused; throws `budget-reached` while its budget is what paused it. */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#pause) return;
      const reached = this.#pause.reason === 'budget' ? this.#meter.beforeTurn() : undefined;
      if (reached !== undefined) throw budgetReached(this.#options.record.id, reached);
      await this.#options.change({
        change: { state: 'running' },
        from: ['paused'],
        events: [{ type: 'run.state', state: 'running' }],
      });
      this.#pause = undefined;
      this.#rested = Promise.withResolvers();
      this.#meter.begin();
      this.#gate.open();
    });
  }

  /** Changes what it may use, on disk when it resolves; it goes on with that where its budget had paused it. */
  async changeBudget(more: Budget): Promise<void> {
    await this.#inTurn(async () => {
      const budget = { ...this.#meter.budget, ...more };
      await this.#options.change({ change: { budget }, events: [{ type: 'budget.updated', budget }] });
      this.#meter.budget = budget;
    });
    if (this.#pause?.reason === 'budget' && this.#meter.beforeTurn() === undefined) await this.open();
  }

  #onReached(reached: Reached): void {
    this.#reach(reached).catch(() => {}); // it has ended just then
  }

  async #reach(reached: Reached): Promise<void> {
    const { id } = this.#options.record;
    if (this.#meter.budget.onReached === 'fail') {
      const error = budgetReached(id, reached);
      this.#options.fail(error);
      throw error;
    }
    await this.close({ reason: 'budget', message: reached });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(act);
    this.#changing = done.catch((thrown) => fromUnknown(thrown));
    return done;
  }
}

function budgetReached(runId: string, reached: Reached): OptioError {
  return new OptioError('budget-reached', `the run ${runId} may not go on: ${reached}`, {
    remedy: 'Allow it more, or cancel it.',
  });
}
