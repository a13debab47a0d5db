import type { Budget } from '../contract/budget.ts';
import type { RunEventBody } from '../contract/event.ts';
import type { RunView } from '../contract/view.ts';
import type { Clock } from './clock.ts';

/** Which limit was reached, in words. */
export type Reached = string;

export interface BudgetMeterOptions {
  readonly clock: Pick<Clock, 'elapsed' | 'after' | 'now'>;
  /** Told when a limit is reached in the middle of something; again only after the budget was changed. */
  readonly onReached: (reached: Reached) => void;
}

/** Counts what a run uses of its budget, over all of its attempts. */
export class BudgetMeter {
  readonly #options: BudgetMeterOptions;
  #budget: Budget;
  /** Turns of the run's own thread that have begun. */
  readonly #turns = new Set<string>();
  /** What each of its threads has used. */
  readonly #tokens = new Map<string, number>();
  /** Its own thread. */
  #threadId = '';
  #activeMs = 0;
  /** Since when it is under way, as `clock.elapsed()`; undefined while it is not. */
  #activeSince: number | undefined;
  #isTold = false;
  #callOff = () => {};

  constructor(budget: Budget, options: BudgetMeterOptions) {
    this.#budget = budget;
    this.#options = options;
  }

  get budget(): Budget {
    return this.#budget;
  }

  /** Another budget takes its place. */
  set budget(budget: Budget) {
    this.#budget = budget;
    this.#isTold = false;
    this.#look();
  }

  /** Goes on from what the journal says of other processes and other attempts. */
  takeUp(view: RunView): void {
    for (const { id, threadId } of Object.values(view.turns)) if (threadId === null) this.#turns.add(id);
    this.#threadId = view.session?.threadId ?? '';
    for (const [thread, tokens] of Object.entries(view.tokens)) this.#tokens.set(thread, tokens);
    const sinceMs = view.activeSince === null ? 0 : this.#options.clock.now() - Date.parse(view.activeSince);
    this.#activeMs = view.activeMs + Math.max(0, sinceMs);
  }

  /** It is under way: its time runs. */
  begin(): void {
    this.#activeSince ??= this.#options.clock.elapsed();
    this.#look();
  }

  /** It is paused, or over. */
  rest(): void {
    this.#activeMs = this.activeMs;
    this.#activeSince = undefined;
    this.#callOff();
  }

  /** Takes in what happened. */
  onEvent(event: RunEventBody): void {
    if (event.type === 'session.started') this.#threadId = event.threadId;
    if (event.type === 'turn.started' && event.threadId === undefined) this.#turns.add(event.turnId);
    else if (event.type === 'usage.updated') this.#tokens.set(event.threadId ?? this.#threadId, event.total.total);
    else return;
    this.#look();
  }

  /** What stands against another turn. */
  beforeTurn(): Reached | undefined {
    const { turns } = this.#budget;
    if (turns !== undefined && this.#turns.size >= turns) return usedUp(turns, turns === 1 ? 'turn' : 'turns');
    return this.overdrawn();
  }

  /** What stands against going on. */
  overdrawn(): Reached | undefined {
    const { turns, tokens, wallMs } = this.#budget;
    const usedTokens = [...this.#tokens.values()].reduce((sum, more) => sum + more, 0);
    if (tokens !== undefined && usedTokens >= tokens) return usedUp(tokens, tokens === 1 ? 'token' : 'tokens');
    if (wallMs !== undefined && this.activeMs >= wallMs) return usedUp(wallMs / 1000, 's');
    // One that somebody else has begun on its thread.
    if (turns !== undefined && this.#turns.size > turns)
      return `more than its ${turns} ${turns === 1 ? 'turn has' : 'turns have'} begun`;
    return undefined;
  }

  /** How long it was under way by now, in milliseconds. */
  get activeMs(): number {
    const since = this.#activeSince;
    return this.#activeMs + (since === undefined ? 0 : this.#options.clock.elapsed() - since);
  }

  #look(): void {
    this.#callOff();
    if (this.#activeSince === undefined || this.#isTold) return;
    const reached = this.overdrawn();
    if (reached !== undefined) {
      this.#isTold = true;
      this.#options.onReached(reached);
      return;
    }
    const { wallMs } = this.#budget;
    if (wallMs !== undefined)
      this.#callOff = this.#options.clock.after(Math.ceil(wallMs - this.activeMs), () => this.#look());
  }
}

function usedUp(amount: number, unit: string): string {
  return `its budget of ${amount} ${unit} is used up`;
}
