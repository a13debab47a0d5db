/** How soon after a look the next one may come, in milliseconds. */
const GAP_MS = 3_000;

export interface PaceOptions {
  /** What is done; it does not throw. */
  readonly act: () => Promise<void>;
  /** (3,000) */
  readonly gapMs?: number;
}

/**
 * Does something when it is asked to, but one at a time and not too often: at once where it has not been done for a while, and
 * otherwise once for all who have asked meanwhile.
 */
export class Pace {
  readonly #act: () => Promise<void>;
  readonly #gapMs: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isWanted = false;
  #isOver = false;

  constructor({ act, gapMs = GAP_MS }: PaceOptions) {
    this.#act = act;
    this.#gapMs = gapMs;
  }

  ask(): void {
    this.#isWanted = true;
    if (!this.#isBusy && this.#timer === undefined) void this.#go();
  }

  /** The same, for a person who has pressed a button and waits. */
  askNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.ask();
  }

  /** Nothing is done any more. */
  stop(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  async #go(): Promise<void> {
    this.#isBusy = true;
    this.#isWanted = false;
    await this.#act();
    this.#isBusy = false;
    if (this.#isOver) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#isWanted) void this.#go();
    }, this.#gapMs);
  }
}
