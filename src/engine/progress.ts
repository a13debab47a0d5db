import type { RunEventBody } from '../contract/event.ts';
import { type Progress, progressOf } from '../task/progress.ts';

/** At most ten a second are told. */
const INTERVAL_MS = 100;

/** Tells how far a run is: the first value at once, then as often as anybody can read it, and always the last one. */
export class ProgressTold {
  readonly #emit: (event: RunEventBody) => void;
  #waiting: Progress | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Whoever runs this as its child watches. */
  onProgress: ((progress: Progress) => void) | undefined;

  constructor(emit: (event: RunEventBody) => void) {
    this.#emit = emit;
  }

  set(percent: number | null, message?: string): void {
    this.#waiting = progressOf(percent, message);
    if (this.#timer === undefined) this.#tell();
  }

  /** Tells what waits: nothing comes after it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting) this.#tell();
    clearTimeout(this.#timer);
  }

  #tell(): void {
    this.#timer = undefined;
    if (!this.#waiting) return;
    const progress = this.#waiting;
    this.#waiting = undefined;
    this.#emit({ type: 'progress', ...progress });
    this.onProgress?.(progress);
    this.#timer = setTimeout(() => this.#tell(), INTERVAL_MS);
  }
}
