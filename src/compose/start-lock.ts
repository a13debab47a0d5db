import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { OptioError } from '../errors.ts';

const FILE = 'server-start.lock';
const SQLITE_BUSY = 5;
/** How long somebody else may take to start a server, in milliseconds. */
const PATIENCE_MS = 120_000;
/** Between two attempts to get it, in milliseconds. */
const RETRY_MS = 25;

/**
 * Does something while no other process does it in this data directory: of many commands that need a server at once, one starts
 * it. The lock is one of SQLite's, which the system gives back however its holder ends. Throws `server-unreachable` when
 * it does not come free in time (`patienceMs`), and `invalid-config` where we may not write.
 */
export async function withStartLock<T>(
  dataDir: string,
  act: () => Promise<T>,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<T> {
  const over = performance.now() + patienceMs;
  const database = open(dataDir);
  try {
    while (!tryLock(database)) {
      if (performance.now() > over) {
        throw new OptioError('server-unreachable', 'another command has been starting a server for too long', {
          remedy: 'See what it is doing, or end it and start the server yourself: optio-codex serve.',
        });
      }
      await delay(RETRY_MS);
    }
    return await act();
  } finally {
    database.close();
  }
}

function open(dataDir: string): DatabaseSync {
  const file = join(dataDir, FILE);
  try {
    makePrivate(file);
    return new DatabaseSync(file);
  } catch (cause) {
    throw new OptioError('invalid-config', `${file} cannot be written: ${(cause as Error).message}`, {
      cause,
      field: 'dataDir',
      remedy: 'Run this as the user to whom the data directory belongs, or choose another one with OPTIO_CODEX_HOME.',
    });
  }
}

/** Whoever may read it could take a lock, too, and let nobody start a server. */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
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
