import { setImmediate as breathe } from 'node:timers/promises';
import type { Database } from './database.ts';
import type { JournalRange } from './store.ts';

/**
 * How many events one transaction removes: SQLite works while everybody else in this process waits, and with so many that
 * is some milliseconds.
 */
const MAX_EVENTS = 2_000;
/** A range costs as much as so many events, be it ever so short. */
const EVENTS_OF_RANGE = 20;

/**
 * The same ranges in transactions of a bounded size, of which each leaves a whole journal: a long range grows from one to
 * the next, and the marker of the last of them stands for all of it.
 */
export function stepsOf(ranges: readonly JournalRange[]): JournalRange[][] {
  const steps: JournalRange[][] = [];
  let room = 0;
  for (const { from, to } of ranges) {
    for (let at = from; at <= to; ) {
      if (room <= EVENTS_OF_RANGE) {
        steps.push([]);
        room = MAX_EVENTS;
      }
      const end = Math.min(to, at + room - EVENTS_OF_RANGE - 1);
      steps.at(-1)?.push({ from, to: end });
      room -= EVENTS_OF_RANGE + end - at + 1;
      at = end + 1;
    }
  }
  return steps;
}

/** Removes the newest events of a journal, until so few are left that they can go together with their run. */
export async function removeEvents(db: Database, runId: string): Promise<void> {
  for (;;) {
    const left = await db.read
      .selectFrom('journal')
      .select('seq')
      .where('run_id', '=', runId)
      .orderBy('seq', 'desc')
      .limit(1)
      .offset(MAX_EVENTS)
      .executeTakeFirst();
    if (!left) return;
    await db.write(false, (transaction) =>
      transaction.deleteFrom('journal').where('run_id', '=', runId).where('seq', '>', left.seq).execute(),
    );
    await breathe();
  }
}
