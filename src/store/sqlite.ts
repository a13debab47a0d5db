import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import { FileBlobs } from './blobs.ts';
import { SqliteDatabase } from './database.ts';
import { hold } from './hold.ts';
import { SqlJournal } from './journal.ts';
import { SqlLaunchBlocks } from './launch-blocks.ts';
import { SqlMessages } from './messages.ts';
import { type Migration, migrate, refuseNewer } from './migrations.ts';
import { toKyselyDatabase, told, toStoreError } from './node-sqlite.ts';
import { SqlRequests } from './requests.ts';
import { FileReserve } from './reserve.ts';
import { SqlRuns } from './runs.ts';
import type { Schema } from './schema.ts';
import { SqlSearch } from './search.ts';
import { SearchReader } from './search-reader.ts';
import { SqlSeedLeases } from './seed-leases.ts';
import { SqlSeeds } from './seeds.ts';
import type { Store } from './store.ts';
import { registerStoreClock } from './store-clock.ts';
import { SqlTasks } from './tasks.ts';
import { SqlTokens } from './tokens.ts';
import { peekVersion } from './version.ts';
import { SqlWorkspaces } from './workspaces.ts';

export interface SqliteOptions {
  /** All that bring the tables from one version to the next, in the place of those that there are; for tests. */
  readonly migrations?: readonly Migration[];
  /** Those who find the directory in use are told that a server has it (false). */
  readonly isServer?: boolean;
  /** The clock by which leases run out, in milliseconds as `Date.now()`; for tests. */
  readonly now?: () => number;
}

/**
 * Opens the store in a data directory, and makes it where there is none. One process has it at a time. Throws
 * `data-directory-busy`, `store-version`, `store-full` and `store-failed`.
 */
export async function openSqliteStore(directory: string, options: SqliteOptions = {}): Promise<Store> {
  const { migrations, isServer = false, now } = options;
  const database = told(() => openDatabase(directory, { known: migrations?.length, isServer }));
  registerStoreClock(database, now);
  const db = new SqliteDatabase(
    new Kysely<Schema>({ dialect: new SqliteDialect({ database: toKyselyDatabase(database) }) }),
  );
  try {
    if (await migrate(db.read, migrations)) showVersion(database);
  } catch (error) {
    database.close();
    throw toStoreError(error);
  }
  const reader = new SearchReader(db);
  const journal = new SqlJournal(db, reader);
  const blobs = new FileBlobs(db, join(directory, 'blobs'));
  await blobs.discardUnfinished();
  void reader.begin();
  const close = async () => {
    await journal.close();
    await reader.close();
    await db.close();
  };
  return {
    tasks: new SqlTasks(db),
    runs: new SqlRuns(db),
    requests: new SqlRequests(db),
    messages: new SqlMessages(db),
    search: new SqlSearch(db, reader),
    journal,
    launchBlocks: new SqlLaunchBlocks(db),
    workspaces: new SqlWorkspaces(db),
    tokens: new SqlTokens(db),
    seeds: new SqlSeeds(db),
    seedLeases: new SqlSeedLeases(db),
    reserve: new FileReserve(directory),
    blobs,
    changes: db.changes,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * SQLite would let everybody read it. One that is there is not opened: closing it again would take back the locks that
 * this process may have on it.
 */
function makePrivate(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  }
}

/** What is in the log of SQLite only could not be seen by a program that is too old for it before that writes something. */
function showVersion(database: DatabaseSync): void {
  try {
    database.exec('pragma wal_checkpoint(truncate)');
  } catch {
    // It is written all the same, and such a program looks again.
  }
}

interface OpenOptions {
  /** The newest version that this program can read, unless it is its own. */
  readonly known: number | undefined;
  readonly isServer: boolean;
}

function openDatabase(directory: string, { known, isServer }: OpenOptions): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, 'optio.db');
  refuseNewer(peekVersion(file) ?? 0, known);
  makePrivate(file);
  const database = new DatabaseSync(file);
  try {
    hold(database, directory, isServer);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
