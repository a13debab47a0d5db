/** What was written of a run. What its journal tells besides is none of it. */
export interface RunChanged {
  readonly runId: string;
  readonly how: 'added' | 'changed' | 'answered' | 'removed';
}

/** Tells what is written, as soon as it is: by this process, which is the only one that has the store. */
export class Changes {
  readonly #listeners = new Set<(changed: RunChanged) => void>();

  /** Listens until the result is called. */
  listen(listener: (changed: RunChanged) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  tell(changed: RunChanged): void {
    for (const listener of this.#listeners) listener(changed);
  }
}
