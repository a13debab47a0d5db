import type { Departure, Ending, Leaving } from './ending.ts';

/** Ends the watching of a run that nobody here can answer, since an answer that needs no person was refused. */
export class Unanswered {
  readonly #refused = new AbortController();
  readonly #leaving: Leaving;

  constructor(leaving: Leaving) {
    this.#leaving = leaving;
  }

  /** Aborted when one has left, or an answer was refused: there is nothing more to watch for. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#leaving.signal, this.#refused.signal]);
  }

  refuse(thrown: unknown): void {
    this.#refused.abort(thrown);
  }

  /** How the watching ended that this signal has ended. */
  get ending(): Ending {
    const { aborted, reason } = this.#refused.signal;
    const left: Departure = this.#leaving.departure ?? 'key';
    return aborted && !this.#leaving.signal.aborted ? { refused: reason } : { left };
  }
}
