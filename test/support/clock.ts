import type { Clock } from '../../src/engine/clock.ts';

/** A clock that goes as the test says. */
export class TestClock implements Clock {
  #now: number;
  readonly #waiting = new Set<{ readonly time: number; readonly wake: () => void }>();

  constructor(now: string) {
    this.#now = Date.parse(now);
  }

  now(): number {
    return this.#now;
  }

  at(time: number, wake: () => void): () => void {
    const waiting = { time, wake };
    this.#waiting.add(waiting);
    if (time <= this.#now) queueMicrotask(() => this.#waiting.delete(waiting) && wake());
    return () => this.#waiting.delete(waiting);
  }

  /** It is this time, by waiting or because somebody has set the clock; wakes as the clock of the system does. */
  set(now: string): void {
    const before = this.#now;
    this.#now = Date.parse(now);
    for (const waiting of [...this.#waiting]) {
      if (this.#now < waiting.time && this.#now >= before) continue;
      this.#waiting.delete(waiting);
      waiting.wake();
    }
  }

  /** How many wait for a time. */
  get waiting(): number {
    return this.#waiting.size;
  }
}
