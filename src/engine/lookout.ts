import type { Clock } from './clock.ts';

export interface LookoutOptions {
  readonly clock: Pick<Clock, 'at'>;
  /** Does what is due, and gives the time at which there is more to do; undefined when nothing is in sight. Never rejects. */
  readonly work: () => Promise<number | undefined>;
}

/** Does what is due when it is told to look, and again at the time that it was given then; never twice at once. */
export class Lookout {
  readonly #options: LookoutOptions;
  #callOff: () => void = () => {};
  #working: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: LookoutOptions) {
    this.#options = options;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  /** Resolves when all that is due by now is done, as far as that can be. */
  async look(): Promise<void> {
    // Not by `idle`: between its end and ours somebody else could begin.
    while (this.#working !== undefined) await this.#working;
    if (this.#isStopped) return;
    this.#callOff();
    this.#working = this.#work();
    await this.#working;
    this.#working = undefined;
  }

  /** Resolves when nothing is being done. */
  async idle(): Promise<void> {
    while (this.#working !== undefined) await this.#working;
  }

  /** Begins nothing any more; resolves when nothing is being done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#callOff();
    await this.#working;
  }

  async #work(): Promise<void> {
    const { clock, work } = this.#options;
    const at = await work();
    if (!this.#isStopped && at !== undefined) this.#callOff = clock.at(at, () => void this.look());
  }
}
