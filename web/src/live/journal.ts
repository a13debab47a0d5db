import type { RunEvent } from '../../../src/contract/event.ts';
import { applyEvent } from '../../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../../src/contract/view.ts';
import { Store } from './store.ts';

/** What one sees of a run, as its journal grows. The view is changed in place, so each change has a number. */
export class Journal {
  readonly runId: string;
  readonly view: RunView = createRunView();
  /** The number of the last event that is shown. */
  readonly shown = new Store(0);
  /** When each turn began and ended, and what has changed last in each item and turn: by the number of the event. */
  readonly turns = new Map<string, TurnTimes>();
  readonly #revisions = new Map<string, number>();

  constructor(runId: string) {
    this.runId = runId;
  }

  apply(event: RunEvent): void {
    applyEvent(this.view, event);
    const key = keyOf(event);
    if (key) this.#revisions.set(key, event.seq);
    if ('turnId' in event && event.turnId !== null) this.#revisions.set(event.turnId, event.seq);
    this.#noteTimes(event);
    this.shown.set(event.seq);
  }

  /** The number of the event that has changed this item or turn last. */
  revisionOf(id: string): number {
    return this.#revisions.get(id) ?? 0;
  }

  #noteTimes(event: RunEvent): void {
    if (!('turnId' in event) || event.turnId === null) return;
    const times = this.turns.get(event.turnId) ?? { startedAt: event.at, endedAt: null };
    this.turns.set(event.turnId, event.type === 'turn.ended' ? { ...times, endedAt: event.at } : times);
  }
}

export interface TurnTimes {
  readonly startedAt: string;
  readonly endedAt: string | null;
}

function keyOf(event: RunEvent): string | undefined {
  if ('itemId' in event) return event.itemId;
  if ('item' in event) return event.item.id;
  return undefined;
}
