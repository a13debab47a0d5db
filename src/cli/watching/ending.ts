import { constants } from 'node:os';
import type { RunOutcome } from '../../contract/outcome.ts';

/** Why one left a run that goes on: with a key, by a signal, or since nobody reads the output any more. */
export type Departure = 'key' | 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'SIGPIPE';

/** How watching a run ended: with the run, or before it. `refused`: why an answer that needs no person was not taken. */
export type Ending = { readonly outcome: RunOutcome } | { readonly left: Departure } | { readonly refused: unknown };

/** 0 for whoever left on purpose, at a terminal; otherwise what shells give for the signal. */
export function exitCodeOfDeparture(left: Departure): number {
  return left === 'key' ? 0 : 128 + constants.signals[left];
}

/** Leaving a run: told once, to whatever waits for the run meanwhile. */
export class Leaving {
  readonly #left = new AbortController();
  #departure: Departure | undefined;

  /** Aborted when one has left. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  get departure(): Departure | undefined {
    return this.#departure;
  }

  leave(departure: Departure): void {
    this.#departure ??= departure;
    this.#left.abort();
  }
}
