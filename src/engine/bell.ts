/** Rings whenever something has changed. Whoever waits for that may give up at any time, and leaves nothing behind. */
export class Bell {
  #rung = 0;
  readonly #waiting = new Set<() => void>();

  /** How often it has rung. Whoever keeps that while it looks misses no change that comes before it waits. */
  get rung(): number {
    return this.#rung;
  }

  /** How many wait for it. */
  get waiting(): number {
    return this.#waiting.size;
  }

  ring(): void {
    this.#rung++;
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
  }

  /** Resolves when it has rung more often than this, or when the signal is aborted. */
  after(rung: number, signal?: AbortSignal): Promise<void> {
    if (this.#rung > rung || signal?.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const leave = () => {
      this.#waiting.delete(wake);
      resolve();
    };
    const wake = () => {
      signal?.removeEventListener('abort', leave);
      resolve();
    };
    this.#waiting.add(wake);
    signal?.addEventListener('abort', leave, { once: true });
    return promise;
  }
}
