import type { CloseOptions } from '../contract/api.ts';

/** No timer takes more. */
const MAX_DRAIN_MS = 2 ** 31 - 1;

/** How long what is under way may take to end by itself, and what becomes of it then. Who closes once more may make it less, and never more. */
export class ClosingTerms {
  readonly #up = Promise.withResolvers<void>();
  #at = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #leave = true;

  constructor(options: CloseOptions) {
    this.tighten(options);
  }

  /** Whether it lives on then, as far as it can. */
  get leave(): boolean {
    return this.#leave;
  }

  /** Whether it has had its time. */
  get isUp(): boolean {
    return performance.now() >= this.#at;
  }

  /** Resolves when it has had its time. */
  get up(): Promise<void> {
    return this.#up.promise;
  }

  tighten({ drainMs = 0, leave = false }: CloseOptions): void {
    this.#leave &&= leave;
    const at = performance.now() + drainMs;
    if (at > this.#at) return;
    this.#at = at;
    this.release();
    if (drainMs <= 0) this.#up.resolve();
    else this.#timer = setTimeout(this.#up.resolve, Math.min(drainMs, MAX_DRAIN_MS));
  }

  /** Nobody waits for its time any more. */
  release(): void {
    clearTimeout(this.#timer);
  }
}
