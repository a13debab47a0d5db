import type { RunEvent } from '../../../src/contract/event.ts';
import { RunRecord } from './run-record.ts';
import { Store } from './store.ts';

/** The record of a run that is open, which tells whoever looks on that it has grown. */
export class Journal extends RunRecord {
  /** The number of the last event that is shown; 0 until it has caught up. */
  readonly shown = new Store(0);
  /**
   * Whether all is there that had happened by the time at which the run was opened. What comes before that is not worth
   * drawing piece by piece: to draw it takes longer than to read it.
   */
  readonly isCaughtUp = new Store(false);
  #newest = Number.POSITIVE_INFINITY;

  override apply(event: RunEvent): void {
    super.apply(event);
    this.#tell();
  }

  /** Says which event was the newest when it was opened. */
  catchUpTo(seq: number): void {
    this.#newest = seq;
    this.#tell();
  }

  #tell(): void {
    const { seq, outcome } = this.view;
    if (seq >= this.#newest || outcome !== null) this.isCaughtUp.set(true);
    if (this.isCaughtUp.value) this.shown.set(seq);
  }
}
