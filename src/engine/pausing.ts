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

/** Of several reasons the first is told, and written down: the others are found again by whoever takes the run up. */
const REASONS: readonly Pause['reason'][] = ['wish', 'budget', 'storeFull'];

export interface PausingOptions {
  readonly record: Pick<RunRecord, 'id' | 'state' | 'budget' | 'lastSeq'>;
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
  /** It is paused while there is one. */
  readonly #pauses = new Map<Pause['reason'], Pause>();
  #rested = Promise.withResolvers<void>();
  readonly #takenUp = Promise.withResolvers<void>();
  /** One change after the other, the first when it is known what the journal says. */
  #changing: Promise<unknown>;

  constructor(options: PausingOptions) {
    this.#options = options;
    const { record, clock } = options;
    this.#changing = record.lastSeq > 0 ? this.#takenUp.promise : Promise.resolve();
    this.#gate = new PauseGate(record.state === 'paused');
    const onReached = () => void this.#reach(() => this.#meter.overdrawn()).catch(() => {}); // it has ended just then
    this.#meter = new BudgetMeter(record.budget ?? {}, { clock, onReached });
  }

  /** Why it is paused; undefined when it is not. */
  get pause(): Pause | undefined {
    return first(this.#pauses);
  }

  /** How long it was under way by now, without pauses, in milliseconds. */
  get activeMs(): number {
    return this.#meter.activeMs;
  }

  /** Open while it may go on. */
  get gate(): Pick<PauseGate, 'isClosed' | 'whenClosed' | 'whenOpen'> {
    return this.#gate;
  }

  /** Goes on from what the journal says of other processes and other attempts. */
  takeUp(view: RunView): void {
    if (view.pause) this.#pauses.set(view.pause.reason, view.pause);
    this.#meter.takeUp(view);
    if (this.#options.record.state === 'running') this.begin();
    this.#takenUp.resolve();
    if (!this.#options.space.isShort) this.openForSpace();
  }

  /** What there is to tell of its budget when it begins. */
  begun(): RunEventBody[] {
    const { budget } = this.#meter;
    return Object.keys(budget).length > 0 ? [{ type: 'budget.updated', budget }] : [];
  }

  /** It is under way: its time runs, unless there is no space for what it would tell. */
  begin(): void {
    this.#meter.begin();
    if (this.#options.space.isShort) void this.closeForSpace();
  }

  /** It is over. */
  end(): void {
    this.#takenUp.resolve();
    this.#meter.rest();
  }

  onEvent(event: RunEventBody): void {
    this.#meter.onEvent(event);
  }

  /** See `RunContext.admitTurn`. */
  async admitTurn(): Promise<void> {
    for (;;) {
      await this.#gate.whenOpen();
      if (this.#meter.beforeTurn() === undefined) return;
      await this.#reach(() => this.#meter.beforeTurn());
    }
  }

  /**
   * Stops at once what costs anything, and resolves when the pause is written down. The first one for a reason holds.
   * Throws `state-changed` when it is not under way (any more).
   */
  close(pause: Pause): Promise<void> {
    return this.#inTurn(() => this.#close(pause));
  }

  /** There is no space left. Resolves when it does nothing any more that would take some. */
  async closeForSpace(): Promise<void> {
    const message = 'there is no space left where its data lies';
    const closed = this.#inTurn(async () => {
      if (this.#options.space.isShort) await this.#close({ reason: 'storeFull', message });
    }).catch(() => {}); // it is not under way (any more)
    await Promise.race([closed, this.#rested.promise]);
  }

  /** See `RunContext.atRest`. */
  atRest(): void {
    this.#rested.resolve();
  }

  /** There is space again. */
  openForSpace(): void {
    this.#inTurn(() => this.#open('storeFull')).catch(() => {}); // it has ended just then
  }

  /**
   * Lets it go on. Does nothing when it is not paused; throws `budget-reached` and `store-full` while that is what keeps it
   * from going on.
   */
  open(): Promise<void> {
    return this.#inTurn(async () => {
      const { id } = this.#options.record;
      await this.#open('wish');
      const reached = this.#pauses.has('budget') ? this.#meter.beforeTurn() : undefined;
      if (reached !== undefined) throw budgetReached(id, reached);
      await this.#open('budget');
      if (this.#pauses.has('storeFull')) throw noSpace(id);
    });
  }

  /** Changes what it may use, on disk when it resolves; it goes on with that where its budget had paused it. */
  changeBudget(more: Budget): Promise<void> {
    return this.#inTurn(async () => {
      const budget = { ...this.#meter.budget, ...more };
      await this.#options.change({ change: { budget }, events: [{ type: 'budget.updated', budget }] });
      this.#meter.budget = budget;
      if (this.#meter.beforeTurn() === undefined) await this.#open('budget');
    });
  }

  /** Closes it, or fails it, where a limit is reached and was not raised meanwhile. */
  #reach(look: () => Reached | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const message = look();
      if (message === undefined) return;
      if (this.#meter.budget.onReached !== 'fail') return this.#close({ reason: 'budget', message });
      const error = budgetReached(this.#options.record.id, message);
      this.#options.fail(error);
      throw error;
    });
  }

  async #close(pause: Pause): Promise<void> {
    if (this.#pauses.has(pause.reason)) return;
    const before = this.pause;
    this.#gate.close();
    this.#pauses.set(pause.reason, pause);
    try {
      if (this.pause === pause) await this.#tell(pause, before ? 'paused' : 'running');
      this.#meter.rest();
    } catch (thrown) {
      this.#pauses.delete(pause.reason);
      if (this.#pauses.size === 0) this.#gate.open();
      throw thrown;
    }
  }

  async #open(reason: Pause['reason']): Promise<void> {
    const before = this.pause;
    const left = new Map(this.#pauses);
    if (!left.delete(reason)) return;
    const next = first(left);
    if (next) {
      if (next !== before) await this.#tell(next, 'paused');
      this.#pauses.delete(reason);
      return;
    }
    await this.#options.change({
      change: { state: 'running' },
      from: ['paused'],
      events: [{ type: 'run.state', state: 'running' }],
    });
    this.#pauses.delete(reason);
    this.#rested = Promise.withResolvers();
    this.#meter.begin();
    this.#gate.open();
  }

  #tell(pause: Pause, from: 'running' | 'paused'): Promise<void> {
    const told = { type: 'run.state', state: 'paused', pause, activeMs: this.activeMs } as const;
    return this.#options.change({ change: { state: 'paused' }, from: [from], events: [told] });
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const done = this.#changing.then(act);
    this.#changing = done.catch((thrown) => fromUnknown(thrown));
    return done;
  }
}

function first(pauses: ReadonlyMap<Pause['reason'], Pause>): Pause | undefined {
  const reason = REASONS.find((each) => pauses.has(each));
  return reason && pauses.get(reason);
}

function budgetReached(runId: string, reached: Reached): OptioError {
  return new OptioError('budget-reached', `the run ${runId} may not go on: ${reached}`, {
    remedy: 'Allow it more, or cancel it.',
  });
}

function noSpace(runId: string): OptioError {
  return new OptioError('store-full', `the run ${runId} cannot go on: there is no space left where its data lies`, {
    remedy: 'Make space; it goes on by itself then.',
  });
}
