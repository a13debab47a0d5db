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
    if (event.type === 'item.completed') completedAt.set(keyOf(event, event.item.id), event.seq);
    if (event.type === 'progress') lastProgress = event.seq;
  }
  const isSuperseded = (event: RunEvent) =>
    (event.type === 'item.delta' && (completedAt.get(keyOf(event, event.itemId)) ?? 0) > event.seq) ||
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

/** Compacts what happened after this number, up to the end of the journal. */
export async function compactJournal(
  store: Pick<Journal, 'read' | 'compact'>,
  runId: string,
  after: number,
): Promise<void> {
  const events: RunEvent[] = [];
  for await (const event of readEvents(store, runId, after)) {
    // Only these matter, and of a long item its text does not.
    if (event.type === 'item.delta') events.push({ ...event, delta: '' });
    else if (event.type === 'progress') events.push({ ...event, message: null });
    else if (event.type === 'item.completed')
      events.push({ ...event, item: { kind: 'compaction', id: event.item.id } });
  }
  const ranges = supersededRanges(events);
  if (ranges.length > 0) await store.compact(runId, ranges);
}

function keyOf(
  { turnId, threadId }: { readonly turnId: string; readonly threadId?: string | undefined },
  itemId: string,
): string {
  return `${threadId ?? ''}\0${turnId}\0${itemId}`;
}
