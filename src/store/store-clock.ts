import type { DatabaseSync } from 'node:sqlite';
import { type RawBuilder, sql } from 'kysely';

/**
 * The clock by which leases run out is the store's: whoever holds one and whoever wants one are judged by the same. In SQLite that
 * is one process, whose clock may be set at any time: it goes on from when the store was opened as time passes, and no
 * setting lets it jump. `now`: another one, for tests.
 */
export function registerStoreClock(database: DatabaseSync, now: () => number = passing()): void {
  database.function('store_now', (ms) => new Date(now() + Number(ms)).toISOString());
}

/** The time of the store, so many milliseconds from now. Each database has a function of this name. */
export function storeTime(inMs = 0): RawBuilder<string> {
  return sql<string>`store_now(${inMs})`;
}

function passing(): () => number {
  const openedAt = Date.now() - performance.now();
  return () => openedAt + performance.now();
}
