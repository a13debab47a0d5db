import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

const HOLDER = join(import.meta.dirname, '../fakes/holds-store.ts');

describe('a store', () => {
  it('has what was written before it was closed', async () => {
    const directory = testDirectory();
    const first = await openSqliteStore(directory);
    const added = await first.runs.add({ id: 'run-1', taskId: 'nightly', metadata: { team: 'red' }, params: { n: 1 } });
    await first.close();

    await using second = await openSqliteStore(directory);
    expect(await second.runs.find('run-1')).toEqual(added);
  });

  it('is readable by its owner only', async () => {
    const directory = testDirectory();
    await using store = await openSqliteStore(directory);
    await store.runs.add({ id: 'run-1', taskId: 'nightly' });
    for (const file of ['optio.db', 'optio.db-wal', 'holder.json']) {
      expect.soft(statSync(join(directory, file)).mode & 0o077, file).toBe(0);
    }
  });

  it('is held by one process, and by one Optio in it', async () => {
    const directory = testDirectory();
    await using _store = await openSqliteStore(directory);
    const error = await failureOf(openSqliteStore(directory));
    expect(error.code).toBe('data-directory-busy');
    expect(error.message).toContain(`process ${process.pid}`);
    // The refusal must not have given the locks of this process back.
    const other = spawn(process.execPath, [HOLDER, directory], { stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    other.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    expect(await once(other, 'close')).toEqual([1, null]);
    expect(complaint).toContain('data-directory-busy');
  });

  it('tells which process has it, and is free as soon as that was killed', async () => {
    const directory = testDirectory();
    const holder = spawn(process.execPath, [HOLDER, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    await once(holder.stdout, 'data');
    const error = await failureOf(openSqliteStore(directory));
    expect(error.code).toBe('data-directory-busy');
    expect(error.message).toContain(`process ${holder.pid}, for less than a minute`);
    for (const [ms, words] of [
      [60_000, '1 minute'],
      [150_000, '2 minutes'],
      [3_700_000, '1 hour'],
      [3 * 86_400_000, '3 days'],
    ] as const) {
      const since = new Date(Date.now() - ms).toISOString();
      writeFileSync(join(directory, 'holder.json'), JSON.stringify({ pid: 1, since }));
      expect((await failureOf(openSqliteStore(directory))).message).toMatch(new RegExp(`, for ${words}$`));
    }

    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await using store = await openSqliteStore(directory);
    expect(await store.runs.find('run-1')).toMatchObject({ state: 'scheduled' });
  });

  it('refuses one that a newer program has written, and leaves it as it is', async () => {
    const directory = testDirectory();
    await (await openSqliteStore(directory)).close();
    const database = new DatabaseSync(join(directory, 'optio.db'));
    database.exec('update schema_version set version = 1000');
    database.close();

    const error = await failureOf(openSqliteStore(directory));
    expect(error.code).toBe('store-version');
    expect(error.message).toContain('1000');
    const after = new DatabaseSync(join(directory, 'optio.db'));
    expect(after.prepare('select version from schema_version').get()).toMatchObject({ version: 1000 });
    after.close();
  });

  it('brings an older one to its own version', async () => {
    const directory = testDirectory();
    const database = new DatabaseSync(join(directory, 'optio.db'));
    database.exec('create table schema_version (version integer not null); insert into schema_version values (0)');
    database.close();
    await using store = await openSqliteStore(directory);
    expect(await store.runs.add({ id: 'run-1', taskId: 'nightly' })).toMatchObject({ claim: 0, lastSeq: 0 });
  });

  it('says so when a file is no database', async () => {
    const directory = testDirectory();
    writeFileSync(
      join(directory, 'optio.db'),
      'this is no database, and long enough to be looked at as one. '.repeat(20),
    );
    expect((await failureOf(openSqliteStore(directory))).code).toBe('store-failed');
  });
});
