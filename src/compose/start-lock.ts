import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';

const FILE = 'server-start.lock';
const SQLITE_BUSY = 5;
/** Between two attempts to get it, in milliseconds. */
const RETRY_MS = 25;

/**
 * Does something while no other process does it in this data directory: of many commands that need a server at once, one starts
 * it. The lock is one of SQLite's, which the system gives back however its holder ends. Throws `server-unreachable` when
 * it does not come free in time, in milliseconds.
 */
export async function withStartLock<T>(dataDir: string, patienceMs: number, act: () => Promise<T>): Promise<T> {
  const over = performance.now() + patienceMs;
  const database = new DatabaseSync(join(dataDir, FILE));
  try {
    while (!tryLock(database)) {
      if (performance.now() > over) {
        throw new OptioError('server-unreachable', 'another command has been starting a server for too long', {
          remedy: 'See what it is doing, or start the server yourself: optio-codex serve.',
        });
      }
      await delay(RETRY_MS);
    }
    return await act();
  } finally {
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('begin exclusive');
    return true;
  } catch (error) {
    if (((error as { errcode?: number }).errcode ?? 0) === SQLITE_BUSY) return false;
    throw error;
  }
}
