import type { Clock } from '../../src/engine/clock.ts';

interface Waiting {
  readonly time: number;
  readonly wake: () => void;
}

/** A clock that goes as the test says. */
export class TestClock implements Clock {
  #now: number;
  #elapsed = 0;
  readonly #untilTime = new Set<Waiting>();
  readonly #untilElapsed = new Set<Waiting>();

  constructor(now: string) {
    this.#now = Date.parse(now);
  }

  now(): number {
    return this.#now;
  }

  at(time: number, wake: () => void): () => void {
    return wait(this.#untilTime, { time, wake }, this.#now);
  }

  elapsed(): number {
    return this.#elapsed;
  }

  after(ms: number, wake: () => void): () => void {
    return wait(this.#untilElapsed, { time: this.#elapsed + ms, wake }, this.#elapsed);
  }

  /** So much time passes, in milliseconds. */
  pass(ms: number): void {
    this.#elapsed += ms;
    wakeAll(this.#untilElapsed, ({ time }) => time <= this.#elapsed);
    this.set(new Date(this.#now + ms).toISOString());
  }

  /** Somebody has set the clock to this time; wakes as the clock of the system does. */
  set(now: string): void {
    const before = this.#now;
    this.#now = Date.parse(now);
    wakeAll(this.#untilTime, ({ time }) => time <= this.#now || this.#now < before);
  }

  /** How many wait. */
  get waiting(): number {
    return this.#untilTime.size + this.#untilElapsed.size;
  }
}

function wait(all: Set<Waiting>, waiting: Waiting, now: number): () => void {
  all.add(waiting);
  if (waiting.time <= now) queueMicrotask(() => all.delete(waiting) && waiting.wake());
  return () => all.delete(waiting);
}

function wakeAll(all: Set<Waiting>, isDue: (waiting: Waiting) => boolean): void {
  for (const waiting of [...all].filter(isDue)) if (all.delete(waiting)) waiting.wake();
}
