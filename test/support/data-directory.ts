import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { makeDirectory, testDirectory } from './directories.ts';

/** What a store has before anybody has written into it. */
interface EmptyStore {
  readonly database: Buffer;
  readonly reserveBytes: number;
}

let empty: Promise<EmptyStore> | undefined;

/**
 * A data directory whose store is there, and empty. Making one waits several times for the disk, and writes 4 MiB that are
 * of use on a full disk only: that is done once for all tests of a process, and the others get a copy.
 */
export async function dataDirectory(name = 'engine'): Promise<string> {
  empty ??= makeEmptyStore();
  const { database, reserveBytes } = await empty;
  const directory = testDirectory(name);
  writeFileSync(join(directory, 'optio.db'), database, { mode: 0o600 });
  writeFileSync(join(directory, 'reserve'), '', { mode: 0o600 });
  truncateSync(join(directory, 'reserve'), reserveBytes);
  return directory;
}

async function makeEmptyStore(): Promise<EmptyStore> {
  const directory = makeDirectory('empty-store');
  try {
    const store = await openSqliteStore(directory);
    await store.reserve.restore();
    await store.close();
    const database = readFileSync(join(directory, 'optio.db'));
    return { database, reserveBytes: statSync(join(directory, 'reserve')).size };
  } finally {
    await removeDirectory(directory);
  }
}
