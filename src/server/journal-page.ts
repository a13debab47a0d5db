import type { RunEvent } from '../contract/event.ts';
import type { RunHandle } from '../contract/run-handle.ts';

export interface JournalPage {
  readonly events: RunEvent[];
  readonly next: number | null;
}

/** So many events after this number, of those that there are by now. */
export async function readPage(handle: RunHandle, after: number, limit: number): Promise<JournalPage> {
  const events: RunEvent[] = [];
  // A run that goes on tells events to come as well, so that one has to know where to stop.
  const { lastSeq: last } = await handle.details();
  if (after >= last) return { events, next: null };
  for await (const event of handle.events({ after })) {
    events.push(event);
    if (event.seq >= last) return { events, next: null };
    if (events.length === limit) return { events, next: event.seq };
  }
  return { events, next: null };
}
