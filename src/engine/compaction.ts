import type { RunEvent } from '../contract/event.ts';
import type { Journal, JournalRange } from '../store/store.ts';
import { readEvents } from './event-tail.ts';

/**
 * The stretches of a journal that say nothing any more: deltas of items that were told whole later, and how far the run
 * was where that was told again. Each stretch can be replaced by one marker without a difference in what one sees at the
 * end of these events.
 */
export function supersededRanges(events: readonly RunEvent[]): JournalRange[] {
  const completedAt = new Map<string, number>();
  let lastProgress = 0;
  for (const event of events) {
    if (event.type === 'item.completed') completedAt.set(`${keyOf(event)}\0${event.item.id}`, event.seq);
    if (event.type === 'progress') lastProgress = event.seq;
  }
  const isSuperseded = (event: RunEvent) =>
    (event.type === 'item.delta' && (completedAt.get(`${keyOf(event)}\0${event.itemId}`) ?? 0) > event.seq) ||
    (event.type === 'progress' && event.seq < lastProgress);
  const ranges: { from: number; to: number }[] = [];
  for (const event of events) {
    if (!isSuperseded(event)) continue;
    const last = ranges.at(-1);
    if (last && last.to === event.seq - 1) last.to = event.seq;
    else ranges.push({ from: event.seq, to: event.seq });
  }
  return ranges.filter(({ from, to }) => to > from); // a marker in the place of one event gains nothing
}

/**
 * Compacts what happened after this number, up to the end of the journal. Gives the number after which the next compaction
 * has to look: before it nothing can become superseded any more that has not been so, but by a look at all of it.
 */
export async function compactJournal(
  store: Pick<Journal, 'read' | 'compact'>,
  runId: string,
  after: number,
): Promise<number> {
  const events: RunEvent[] = [];
  const growing = new GrowingItems();
  let last = after;
  for await (const event of readEvents(store, runId, after)) {
    last = event.seq;
    growing.take(event);
    // Only these matter, and of a long item its text does not.
    if (event.type === 'item.delta') events.push({ ...event, delta: '' });
    else if (event.type === 'progress') events.push({ ...event, message: null });
    else if (event.type === 'item.completed')
      events.push({ ...event, item: { kind: 'compaction', id: event.item.id } });
  }
  const ranges = supersededRanges(events);
  if (ranges.length > 0) await store.compact(runId, ranges);
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
  readonly #store: Pick<Journal, 'read' | 'compact'>;
  readonly #runId: string;
  #after = 0;
  /** One after the other: two at once might each put its marker into the stretch of the other. */
  #running: Promise<void> = Promise.resolve();

  constructor(store: Pick<Journal, 'read' | 'compact'>, runId: string) {
    this.#store = store;
    this.#runId = runId;
  }

  /** Compacts what came since the last time, once it is written. Nothing hangs on it: what is not compact is only larger. */
  afterTurn(written: () => Promise<void>): void {
    this.#next(written);
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

function keyOf({ turnId, threadId }: { readonly turnId: string; readonly threadId?: string | undefined }): string {
  return `${threadId ?? ''}\0${turnId}`;
}
