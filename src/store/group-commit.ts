/** The least time from the begin of one commit to that of the next, in milliseconds; at most this long anybody waits. */
const INTERVAL_MS = 2;

interface Waiting<T> {
  readonly entry: T;
  readonly isUrgent: boolean;
  readonly written: PromiseWithResolvers<void>;
}

/**
 * Writes together what comes together: one commit costs about the same, however much is in it. What comes when nothing
 * was written for a while is written at once.
 */
export class GroupCommit<T> {
  readonly #commit: (entries: readonly T[]) => Promise<readonly (Error | undefined)[]>;
  #waiting: Waiting<T>[] = [];
  #running: Promise<void> | undefined;
  #isDraining = false;
  #hurry = Promise.withResolvers<void>();
  #lastAt = Number.NEGATIVE_INFINITY;

  /** `commit` writes entries in their order, all or none; it gives for each the reason why it was refused, if it was. */
  constructor(commit: (entries: readonly T[]) => Promise<readonly (Error | undefined)[]>) {
    this.#commit = commit;
  }

  /** Resolves when it is written. `isUrgent`: it need not wait for company. */
  add(entry: T, isUrgent = false): Promise<void> {
    const written = Promise.withResolvers<void>();
    this.#waiting.push({ entry, isUrgent, written });
    if (isUrgent) this.#hurry.resolve();
    this.#running ??= this.#run();
    return written.promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    this.#isDraining = true;
    this.#hurry.resolve();
    for (let running = this.#running; running !== undefined; running = this.#running) await running;
    this.#isDraining = false;
  }

  async #run(): Promise<void> {
    try {
      while (this.#waiting.length > 0) {
        const pauseMs = this.#lastAt + INTERVAL_MS - performance.now();
        if (pauseMs > 0) await this.#pause(pauseMs);
        else await Promise.resolve(); // what is added in one go belongs together
        await this.#commitWaiting();
      }
    } finally {
      this.#running = undefined;
    }
  }

  async #pause(ms: number): Promise<void> {
    this.#hurry = Promise.withResolvers();
    if (this.#isDraining || this.#waiting.some(({ isUrgent }) => isUrgent)) return;
    const timer = setTimeout(this.#hurry.resolve, ms);
    await this.#hurry.promise;
    clearTimeout(timer);
  }

  async #commitWaiting(): Promise<void> {
    const group = this.#waiting;
    this.#waiting = [];
    this.#lastAt = performance.now();
    await this.#commitAll(group);
  }

  async #commitAll(group: readonly Waiting<T>[]): Promise<void> {
    try {
      const refusals = await this.#commit(group.map(({ entry }) => entry));
      for (const [index, { written }] of group.entries()) {
        const refusal = refusals[index];
        if (refusal) written.reject(refusal);
        else written.resolve();
      }
    } catch (error) {
      // One of them may be at fault: it is the only one that is not written then.
      if (group.length > 1) for (const each of group) await this.#commitAll([each]);
      else for (const { written } of group) written.reject(error);
    }
  }
}
