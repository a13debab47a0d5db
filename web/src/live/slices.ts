/** Whoever presses a key does not notice that something else was done for so long, in milliseconds. */
const SLICE_MS = 10;

/** Long work, done in slices: what one does meanwhile is answered in between. */
export class Slices {
  #begunAt = Number.NEGATIVE_INFINITY;

  /** To be called before each piece of the work. */
  async next(): Promise<void> {
    if (performance.now() - this.#begunAt < SLICE_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#begunAt = performance.now();
  }
}
