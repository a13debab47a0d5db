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
  /** Its newest events alone, which are there sooner than all of it: what one sees until it has caught up. */
  readonly end = new Store<RunRecord | null>(null);
  /** Resolves once what comes before the end may be read: somebody sees the end, or does not want to. */
  readonly endIsSeen = Promise.withResolvers<void>();
  #newest = Number.POSITIVE_INFINITY;

  override apply(event: RunEvent): void {
    super.apply(event);
    this.#tell();
  }

  /** Takes the newest events, of those that there were when it was opened. */
  takeEnd(events: readonly RunEvent[]): void {
    const isAll = (events[0]?.seq ?? 1) === 1;
    const end = isAll ? this : new RunRecord(this.runId);
    for (const event of events) end.apply(event);
    if (!isAll && !this.isCaughtUp.value) this.end.set(end);
    this.catchUpTo(events.at(-1)?.seq ?? 0);
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
