import type { Budget } from '../contract/budget.ts';
import type { RunEventBody } from '../contract/event.ts';
import type { RunView } from '../contract/view.ts';

/** What a run has used of its budget. */
export interface Used {
  readonly turns: number;
  readonly tokens: number;
}

/** Which limit was reached, in words. */
export type Reached = string;

/** Counts what a run uses, and tells once when a limit is reached; again only after it was raised. */
export class BudgetMeter {
  #budget: Budget;
  #used: Used;
  #isReached = false;

  constructor(budget: Budget, used: Used = { turns: 0, tokens: 0 }) {
    this.#budget = budget;
    this.#used = used;
  }

  get budget(): Budget {
    return this.#budget;
  }

  get used(): Used {
    return this.#used;
  }

  /** Takes in what happened; gives the limit that was reached by it. */
  onEvent(event: RunEventBody): Reached | undefined {
    if (event.type === 'turn.ended' && event.threadId === undefined) {
      this.#used = { ...this.#used, turns: this.#used.turns + 1 };
    } else if (event.type === 'usage.updated' && event.threadId === undefined) {
      this.#used = { ...this.#used, tokens: event.total.total };
    } else return undefined;
    return this.#reach(this.#overdrawn());
  }

  /** How long until the time is used up, in milliseconds, for a run that began at this time; undefined without a limit. */
  timeLeft(startedAt: number, now: number): number | undefined {
    return this.#budget.wallMs === undefined ? undefined : Math.max(0, startedAt + this.#budget.wallMs - now);
  }

  /** The time is used up. */
  onTime(): Reached | undefined {
    return this.#reach(`its ${(this.#budget.wallMs ?? 0) / 1000} s are used up`);
  }

  /** Another budget takes the place of this one; gives the limit that is reached even so. */
  raise(budget: Budget): Reached | undefined {
    this.#budget = { ...this.#budget, ...budget };
    this.#isReached = false;
    return this.#overdrawn();
  }

  #overdrawn(): Reached | undefined {
    const { turns, tokens } = this.#budget;
    if (turns !== undefined && this.#used.turns >= turns)
      return `its ${turns} ${turns === 1 ? 'turn is' : 'turns are'} used up`;
    if (tokens !== undefined && this.#used.tokens >= tokens) return `its ${tokens} tokens are used up`;
    return undefined;
  }

  #reach(reached: Reached | undefined): Reached | undefined {
    if (!reached || this.#isReached) return undefined;
    this.#isReached = true;
    return reached;
  }
}

/** What the journal says that a run has used. */
export function usedOf(view: RunView): Used {
  const turns = Object.values(view.turns).filter(({ threadId, status }) => threadId === null && status !== 'running');
  return { turns: turns.length, tokens: view.usage.total };
}
