import { cpSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS, type Migration } from '../../src/store/migrations.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice, numbered } from '../support/stored-run.ts';

/** A version after the newest, which changes what is there as well. */
const renames: Migration = async (db) => {
  await db.schema.createTable('notes').addColumn('text', 'text').execute();
  await sql`insert into notes values ('of the newer version')`.execute(db);
  await sql`update runs set task_id = 'renamed'`.execute(db);
};
/** One that begins with all sorts of things, and cannot come to its end. */
const fails: Migration = async (db) => {
  await db.schema.createTable('more_notes').addColumn('text', 'text').execute();
  await db.schema.alterTable('runs').addColumn('color', 'text').execute();
  await sql`delete from journal`.execute(db);
  await sql`insert into nowhere values (1)`.execute(db);
};

async function makeStore(): Promise<string> {
  const directory = testDirectory('migrations');
  await using store = await openSqliteStore(directory);
  await store.runs.add({ id: 'a', taskId: 'nightly' });
  await store.journal.append({ runId: 'a', claim: 0, events: numbered([notice('kept')]) });
  return directory;
}

/** Every file below a directory, with its bytes and the time of its last change. */
function bytesOf(directory: string): Record<string, string> {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  return Object.fromEntries(
    files.sort().map((name) => {
      const path = join(directory, name);
      const stat = statSync(path);
      return [name, `${stat.mtimeMs} ${stat.isFile() ? readFileSync(path).toString('base64') : ''}`];
    }),
  );
}

/** All that the tables are and hold. */
function contentOf(directory: string): unknown {
  using database = new DatabaseSync(join(directory, 'optio.db'), { readOnly: true });
  const tables = database.prepare('select type, name, sql from sqlite_master order by name').all();
  const rows = tables
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, database.prepare(`select * from "${name}"`).all()]);
  return JSON.parse(JSON.stringify({ tables, rows }));
}

/** As a newer program would leave it that does not write it in the way of this one. */
function writeVersion(directory: string, version: number): void {
  using database = new DatabaseSync(join(directory, 'optio.db'));
  database.exec(`update schema_version set version = ${version}`);
}

describe('a store of an older version', () => {
  it('is brought to the newest, once', async () => {
    const directory = await makeStore();
    for (const _ of [1, 2]) {
      await using store = await openSqliteStore(directory, { migrations: [...MIGRATIONS, renames] });
      expect(await store.runs.find('a')).toMatchObject({ taskId: 'renamed' });
      expect(await store.journal.read('a', 0)).toHaveLength(1);
    }
    expect(contentOf(directory)).toMatchObject({
      rows: expect.arrayContaining([
        ['notes', [{ text: 'of the newer version' }]],
        ['schema_version', [{ version: MIGRATIONS.length + 1 }]],
      ]),
    });
  });

  it('stays as it was when that fails, with all that went well before', async () => {
    const directory = await makeStore();
    const before = contentOf(directory);
    const failure = await failureOf(openSqliteStore(directory, { migrations: [...MIGRATIONS, renames, fails] }));
    expect(failure).toMatchObject({ code: 'store-failed', message: expect.stringContaining('nowhere') });
    expect(contentOf(directory)).toEqual(before);
    await using store = await openSqliteStore(directory);
    expect(await store.journal.read('a', 0)).toMatchObject([{ message: 'kept' }]);
  });
});

describe('the runs of the first version', () => {
  it('have the names, the errors and the numbers that lists tell of them', async () => {
    const directory = testDirectory('migrations');
    await (await openSqliteStore(directory, { migrations: MIGRATIONS.slice(0, 1) })).close();
    const usage = { total: 30, input: 20, cached: 0, output: 10, reasoning: 0 };
    const error = { code: 'turn-failed', message: 'it went wrong' };
    const outcome = { status: 'failed', text: '', durationMs: 1, turns: 2, usage, error };
    {
      using database = new DatabaseSync(join(directory, 'optio.db'));
      const insert = database.prepare(
        `insert into runs (id, task_id, state, host, priority, metadata, root_id, created_at, ended_at, definition, outcome)
         values (?, 'nightly', ?, 'local', 0, '{}', ?, '2026-11-24', ?, ?, ?)`,
      );
      insert.run('a', 'scheduled', 'a', null, JSON.stringify({ name: 'Tidy Up' }), null);
      insert.run('b', 'failed', 'b', '2026-11-25', null, JSON.stringify(outcome));
    }
    await using store = await openSqliteStore(directory);
    expect((await store.runs.page({ sort: 'name' })).entries).toMatchObject([
      { id: 'b', name: 'nightly', error, digest: { turns: 2, tokens: 30, lastEventAt: '2026-11-25' } },
      { id: 'a', name: 'Tidy Up', error: null, digest: null },
    ]);
    expect(await store.runs.find('b')).toMatchObject({ outcome });
    expect(await store.runs.entries({ search: 'tidy' })).toMatchObject([{ id: 'a' }]);
    await store.runs.add({ id: 'c', taskId: 'nightly' });
    expect([await store.runs.archive('b', '2026-11-26'), await store.runs.archive('c', '2026-11-26')]).toEqual([
      true,
      false,
    ]);
    expect(await store.runs.entries({ isArchived: true })).toMatchObject([{ id: 'b', archivedAt: '2026-11-26' }]);
  });
});

it('a store whose first tables cannot be made has none, and is made by whoever comes next', async () => {
  const directory = testDirectory('migrations');
  await failureOf(openSqliteStore(directory, { migrations: [...MIGRATIONS, fails] }));
  expect(contentOf(directory)).toEqual({ tables: [], rows: [] });
  await using store = await openSqliteStore(directory);
  expect(await store.runs.list()).toEqual([]);
});

describe('a store of a newer version', () => {
  it('is refused before anything is written: each file of it stays as it was, and none comes to it', async () => {
    const directory = await makeStore();
    writeVersion(directory, 1_000);
    const before = bytesOf(directory);
    expect(Object.keys(before)).toContain('holder.json');
    const failure = await failureOf(openSqliteStore(directory));
    expect(failure).toMatchObject({ code: 'store-version', remedy: expect.any(String) });
    expect(failure.message).toContain('1000');
    expect(bytesOf(directory)).toEqual(before);
  });

  it('shows its version at once, also when whoever has made it so dies before it is closed', async () => {
    const directory = await makeStore();
    await using _newer = await openSqliteStore(directory, { migrations: [...MIGRATIONS, renames] });
    // What the disk has at that moment: the log is not written back before the end.
    const { main, log } = { main: join(directory, 'optio.db'), log: join(directory, 'optio.db-wal') };
    expect(statSync(log).size).toBe(0);
    const copy = testDirectory('migrations');
    cpSync(main, join(copy, 'optio.db'));
    const before = bytesOf(copy);
    expect((await failureOf(openSqliteStore(copy))).code).toBe('store-version');
    expect(bytesOf(copy)).toEqual(before);
  });

  it('that stands in the log of its database only is refused as well, and loses nothing', async () => {
    const directory = await makeStore();
    const copy = testDirectory('migrations');
    const database = new DatabaseSync(join(directory, 'optio.db'));
    database.exec('pragma journal_mode = wal; update schema_version set version = 1000');
    cpSync(directory, copy, { recursive: true });
    database.close();
    expect(readdirSync(copy)).toContain('optio.db-wal');
    expect((await failureOf(openSqliteStore(copy))).code).toBe('store-version');
    expect(contentOf(copy)).toEqual(contentOf(directory));
  });
});
