import type { ChangedPart, FeedReader } from './run-feed.ts';

/** Runs that have changed since somebody has looked at them: each is there once, however often it has. */
export class Dirty implements FeedReader {
  readonly #whole = new Set<string>();
  readonly #digests = new Set<string>();
  /** Lets go on whoever waits for some, and whoever pauses. */
  #wake = () => {};
  #hurry = () => {};
  #isStopped = false;

  get isStopped(): boolean {
    return this.#isStopped;
  }

  changed(runId: string, part: ChangedPart): void {
    (part === 'run' ? this.#whole : this.#digests).add(runId);
    this.#wake();
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake();
    this.#hurry();
  }

  /** The first of them, which are clean from then on; undefined when there are none. */
  take(most: number): { readonly whole: string[]; readonly digests: string[] } | undefined {
    const whole = [...this.#whole].slice(0, most);
    for (const id of whole) this.drop(id);
    const digests = [...this.#digests];
    this.#digests.clear();
    return whole.length + digests.length > 0 ? { whole, digests } : undefined;
  }

  /** Whoever looks at all of it has no need to look at its digest. True when it had changed. */
  drop(runId: string): boolean {
    const [whole, digest] = [this.#whole.delete(runId), this.#digests.delete(runId)];
    return whole || digest;
  }

  clear(): void {
    this.#whole.clear();
    this.#digests.clear();
  }

  /** Resolves when there are some, or it is stopped. One waits at a time. */
  async some(): Promise<void> {
    if (this.#isStopped || this.#whole.size + this.#digests.size > 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Resolves at this time, by `performance.now()`, or when it is stopped. One waits at a time. */
  async pause(until: number): Promise<void> {
    const ms = until - performance.now();
    if (this.#isStopped || ms <= 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#hurry = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
