import { backOff } from '../seeds/back-off.ts';
import type { LeaseClock } from '../seeds/clock.ts';

export interface LateSavesParts {
  readonly clock: LeaseClock;
  /** Saves the login that a run has left, or finds that there is nothing to be saved any more. Throws where that has to wait. */
  readonly save: (runId: string) => Promise<void>;
}

/** One that was tried again so many times. */
interface Late {
  failures: number;
  callOff: () => void;
  saving: Promise<void>;
}

/**
 * Tries again to save what could not be saved at the end of a run, less and less often. No process lives on for that, and none waits
 * for it when it ends: the next one does the same.
 */
export class LateSaves {
  readonly #parts: LateSavesParts;
  readonly #late = new Map<string, Late>();
  #isClosed = false;

  constructor(parts: LateSavesParts) {
    this.#parts = parts;
  }

  /** Begins with one that has failed just now. */
  begin(runId: string): void {
    if (this.#isClosed || this.#late.has(runId)) return;
    const late: Late = { failures: 1, callOff: () => {}, saving: Promise.resolve() };
    this.#late.set(runId, late);
    this.#wait(runId, late);
  }

  /** Somebody else does it, or uses the place where it lies: it is not touched any more when this resolves. */
  async leave(runId: string): Promise<void> {
    const late = this.#late.get(runId);
    this.#late.delete(runId);
    late?.callOff();
    await late?.saving;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Nothing is tried any more, and nothing is waited for. */
  close(): void {
    this.#isClosed = true;
    for (const { callOff } of this.#late.values()) callOff();
    this.#late.clear();
  }

  #wait(runId: string, late: Late): void {
    const act = () => {
      late.saving = this.#try(runId, late);
    };
    late.callOff = this.#parts.clock.after(backOff(late.failures), act, true);
  }

  async #try(runId: string, late: Late): Promise<void> {
    try {
      await this.#parts.save(runId);
      if (this.#late.get(runId) === late) this.#late.delete(runId);
    } catch {
      late.failures++; // why it has failed was told when it did so first
      if (this.#late.get(runId) === late) this.#wait(runId, late);
    }
  }
}
