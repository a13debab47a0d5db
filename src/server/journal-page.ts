import type { RunEvent } from '../contract/event.ts';
import { sizeOf } from '../contract/event-size.ts';
import type { RunHandle } from '../contract/run-handle.ts';

export interface JournalPage {
  readonly events: RunEvent[];
  readonly next: number | null;
}

/** How much a page holds of events, in characters; the one with which it is more is the last of it. */
const MAX_SIZE = 4 * 1024 * 1024;

/** So many events after this number, of those that there are by now, and no more than fit into one answer. */
export async function readPage(handle: RunHandle, after: number, limit: number): Promise<JournalPage> {
  const events: RunEvent[] = [];
  let size = 0;
  // A run that goes on tells events to come as well, so that one has to know where to stop.
  const { lastSeq: last } = await handle.details();
  if (after >= last) return { events, next: null };
  for await (const event of handle.events({ after })) {
    events.push(event);
    if (event.seq >= last) return { events, next: null };
    size += sizeOf(event);
    if (events.length === limit || size >= MAX_SIZE) return { events, next: event.seq };
  }
  return { events, next: null };
}

/** So many of the newest events that there are by now, and no more than fit into one answer. */
export async function readEnd(handle: RunHandle, count: number): Promise<JournalPage> {
  const events: RunEvent[] = [];
  let size = 0;
  const { lastSeq: last } = await handle.details();
  if (last === 0) return { events, next: null };
  for await (const event of handle.events({ after: Math.max(0, last - count) })) {
    events.push(event);
    size += sizeOf(event);
    for (; size > MAX_SIZE && events.length > 1; ) size -= sizeOf(events.shift() as RunEvent);
    if (event.seq >= last) break;
  }
  return { events, next: null };
}
