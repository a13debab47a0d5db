import type { RunEvent } from '../contract/event.ts';
import type { Journal, JournalRange } from '../store/store.ts';
import { readEvents } from './event-tail.ts';
import { keyOf, Superseded } from './superseded.ts';

/**
 * Compacts what happened after this number, up to the end of the journal. Gives the number after which the next compaction
 * has to look: before it nothing can become superseded any more that has not been so, but by a look at all of it.
 */
export async function compactJournal(
  store: Pick<Journal, 'readPiece' | 'compact'>,
  runId: string,
  after: number,
): Promise<number> {
  const superseded = new Superseded();
  const growing = new GrowingItems();
  const compact = async (ranges: readonly JournalRange[]) => {
    if (ranges.length > 0) await store.compact(runId, ranges);
  };
  let last = after;
  for await (const event of readEvents(store, runId, after)) {
    last = event.seq;
    growing.take(event);
    await compact(superseded.take(event));
  }
  await compact(superseded.end());
  return growing.since === undefined ? last : growing.since - 1;
}

/** Items that have deltas and may yet be told whole, within their turn. */
class GrowingItems {
  /** By turn and item: the number of the first delta. */
  readonly #turns = new Map<string, Map<string, number>>();

  take(event: RunEvent): void {
    if (event.type === 'session.ended') this.#turns.clear();
    if (event.type === 'turn.ended') this.#turns.delete(keyOf(event));
    if (event.type === 'item.dropped') this.#turns.get(keyOf(event))?.delete(event.itemId);
    if (event.type === 'item.completed') this.#turns.get(keyOf(event))?.delete(event.item.id);
    if (event.type !== 'item.delta') return;
    const items = this.#turns.get(keyOf(event)) ?? new Map<string, number>();
    if (!items.has(event.itemId)) this.#turns.set(keyOf(event), items.set(event.itemId, event.seq));
  }

  /** The first delta of them all. */
  get since(): number | undefined {
    const firsts = [...this.#turns.values()].flatMap((items) => [...items.values()]);
    return firsts.length > 0 ? Math.min(...firsts) : undefined;
  }
}

/** Keeps the journal of one run compact: after each of its turns, and whenever somebody has taken it up or ended it. */
export class Compaction {
  readonly #store: Pick<Journal, 'readPiece' | 'compact'>;
  readonly #runId: string;
  #after = 0;
  /** One after the other: two at once might each put its marker into the stretch of the other. */
  #running: Promise<void> = Promise.resolve();

  constructor(store: Pick<Journal, 'readPiece' | 'compact'>, runId: string) {
    this.#store = store;
    this.#runId = runId;
  }

  /** Compacts what came since the last time, once it is written. Nothing hangs on it: what is not compact is only larger. */
  afterTurn(written: Promise<void>): void {
    written.catch(() => {}); // it may fail long before its turn has come
    this.#next(() => written);
  }

  /** Compacts all of it. */
  whole(): void {
    this.#next(async () => {
      this.#after = 0;
    });
  }

  #next(ready: () => Promise<void>): void {
    const compact = async () => {
      await ready();
      this.#after = await compactJournal(this.#store, this.#runId, this.#after);
    };
    this.#running = this.#running.then(compact).catch(() => {});
  }
}
