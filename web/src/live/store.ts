import { useSyncExternalStore } from 'react';

/** Something that changes, and tells whoever looks on. Changes that come in one go are told once, before the next frame. */
export class Store<T> {
  #value: T;
  #isDue = false;
  readonly #listeners = new Set<() => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    if (this.#isDue || this.#listeners.size === 0) return;
    this.#isDue = true;
    inTheNextFrame(() => {
      this.#isDue = false;
      for (const listener of [...this.#listeners]) listener();
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, () => store.value);
}

/** No frame comes in a tab that nobody sees, which has to know of requests all the same. */
function inTheNextFrame(act: () => void): void {
  let isDone = false;
  const once = () => {
    if (isDone) return;
    isDone = true;
    act();
  };
  requestAnimationFrame(once);
  setTimeout(once, 100);
}
