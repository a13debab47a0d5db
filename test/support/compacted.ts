import type { RunEvent } from '../../src/contract/event.ts';
import { supersededRanges } from '../../src/engine/compaction.ts';

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
