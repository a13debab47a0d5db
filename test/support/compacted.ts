import type { RunEvent } from '../../src/contract/event.ts';
import { Superseded } from '../../src/engine/superseded.ts';
import type { JournalRange } from '../../src/store/store.ts';

/** What of these events can be replaced. */
export function supersededRanges(events: readonly RunEvent[]): JournalRange[] {
  const superseded = new Superseded();
  return [...events.flatMap((event) => superseded.take(event)), ...superseded.end()];
}

/** The journal as a store gives it after these ranges were compacted. */
export function compacted(events: readonly RunEvent[]): RunEvent[] {
  const ranges = supersededRanges(events);
  return events.flatMap((event): RunEvent[] => {
    const range = ranges.find(({ from, to }) => from <= event.seq && event.seq <= to);
    if (!range) return [event];
    return event.seq === range.to
      ? [{ seq: event.seq, at: event.at, type: 'journal.compacted', from: range.from }]
      : [];
  });
}
