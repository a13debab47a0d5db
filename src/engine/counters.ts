import { addUsage, NO_USAGE, type TokenUsage } from '../contract/usage.ts';

/** What has been going on in this process since it has begun. */
export class Counters {
  launched = 0;
  takenUp = 0;
  /** Turns of the own threads of runs that have ended. */
  turns = 0;
  events = 0;
  answered = 0;
  /** How many read a journal just now. */
  readers = 0;
  #usage = NO_USAGE;

  get usage(): TokenUsage {
    return this.#usage;
  }

  use(more: TokenUsage): void {
    this.#usage = addUsage(this.#usage, more);
  }
}
