import { useSyncExternalStore } from 'react';

/** The time by the second, for whoever looks at it; nothing ticks while nobody does. */
class Ticking {
  #now = Date.now();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#timer ??= setInterval(() => this.#tick(), 1_000);
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  readonly now = (): number => (this.#timer === undefined ? this.#readClock() : this.#now);

  #tick(): void {
    this.#readClock();
    for (const listener of this.#listeners) listener();
  }

  #readClock(): number {
    // By whole seconds, so that two looks at it in one go are the same.
    this.#now = Math.floor(Date.now() / 1_000) * 1_000;
    return this.#now;
  }
}

const ticking = new Ticking();

/** The time now, in milliseconds; whoever asks is drawn anew each second. */
export function useNow(): number {
  return useSyncExternalStore(ticking.subscribe, ticking.now);
}
