import type { RunEvent } from '../../../src/contract/event.ts';
import { RunRecord } from './run-record.ts';
import { Store } from './store.ts';

/** The record of a run that is open, which tells whoever looks on that it has grown. */
export class Journal extends RunRecord {
  /** The number of the last event that is shown. */
  readonly shown = new Store(0);

  override apply(event: RunEvent): void {
    super.apply(event);
    this.shown.set(this.view.seq);
  }
}
