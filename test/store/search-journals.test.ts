import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';
import { delta, findAll, marked, said, write } from '../support/searched-store.ts';
import { notice, numbered } from '../support/stored-run.ts';

describe('a run that is removed', () => {
  it('is not found any more, nor is anything of it left', async () => {
    const directory = testDirectory('search');
    {
      await using store = await openSqliteStore(directory);
      await write(
        store,
        'a',
        Array.from({ length: 250 }, (_, at) => said(`x${at}`, `needle ${at}`)),
      );
      await write(store, 'b', [said('x', 'needle')]);
      expect(Object.keys(await marked(store, 'needle')).sort()).toEqual(['a', 'b']);
      await store.runs.remove('a');
      expect(Object.keys(await marked(store, 'needle'))).toEqual(['b']);
    }
    using database = new DatabaseSync(join(directory, 'optio.db'), { readOnly: true });
    const count = (from: string) => database.prepare(`select count(*) as n from ${from}`).get();
    expect(count('search_texts')).toEqual({ n: 1 });
    expect(count('search_marks')).toEqual({ n: 1 });
    expect(count(`search_index where search_index match '"nee"'`)).toEqual({ n: 1 });
  });
});

describe('a journal', () => {
  it('of a version that could not be searched is found, also where it was compacted', async () => {
    const directory = testDirectory('search');
    const old = { migrations: MIGRATIONS.slice(0, 3) };
    {
      await using store = await openSqliteStore(directory, old);
      await write(store, 'a', [delta('x', 'need'), delta('x', 'le'), said('x', 'needle'), notice('after it')]);
      await store.journal.compact('a', [{ from: 1, to: 2 }]);
      await write(
        store,
        'b',
        Array.from({ length: 100 }, (_, at) => said(`x${at}`, `haystack ${at}`)),
      );
    }
    await using store = await openSqliteStore(directory);
    expect(await findAll(store, 'needle')).toMatchObject({
      found: [{ texts: [{ seq: 3, itemId: 'x' }], more: 0 }],
      isBehind: false,
    });
    expect((await findAll(store, 'haystack')).found).toMatchObject([{ texts: { length: 3 }, more: 97 }]);
  });

  it('is read on by the next process where this one has ended in the middle of it', async () => {
    const directory = testDirectory('search');
    {
      await using store = await openSqliteStore(directory);
      await write(store, 'a', [said('x', 'found before')]);
      await findAll(store, 'found');
      await write(
        store,
        'a',
        Array.from({ length: 100 }, (_, at) => said(`y${at}`, `found after ${at}`)),
      );
    }
    await using store = await openSqliteStore(directory);
    expect((await findAll(store, 'found')).found).toMatchObject([{ texts: { length: 3 }, more: 98 }]);
  });

  it('that can never be read keeps no other one unread', async () => {
    const directory = testDirectory('search');
    await (await openSqliteStore(directory)).close();
    {
      using database = new DatabaseSync(join(directory, 'optio.db'));
      database.exec(
        `create trigger never before insert on search_marks when new.run_id = 'a'
         begin select raise(abort, 'it cannot be read'); end`,
      );
    }
    await using store = await openSqliteStore(directory);
    await write(store, 'a', [said('x', 'needle')]);
    await write(store, 'b', [said('x', 'needle')]);
    const find = () => store.search.find({ text: 'needle', filter: {}, limit: 20 });
    await until(async () => (await find()).found.some(({ entry }) => entry.id === 'b'), 'the other to be found');
    expect((await find()).isBehind).toBe(true);
  });

  it('with something that nobody knows any more is found all the same', async () => {
    const directory = testDirectory('search');
    await (await openSqliteStore(directory)).close();
    {
      using database = new DatabaseSync(join(directory, 'optio.db'));
      const insert = database.prepare("insert into journal values ('a', ?, '2026-11-24', ?)");
      database.exec(
        `insert into runs (id, task_id, name, name_lower, state, host, priority, metadata, root_id, created_at, last_seq)
         values ('a', 't', 't', 't', 'done', 'local', 0, '{}', 'a', '2026-11-24', 4)`,
      );
      insert.run(1, 'no json');
      insert.run(2, '{"type":"item.completed","turnId":"t"}');
      insert.run(3, '{"type":"of another time","text":"needle"}');
      insert.run(4, JSON.stringify(notice('needle')));
    }
    await using store = await openSqliteStore(directory);
    expect(await marked(store, 'needle')).toEqual({ a: ['[needle]'] });
  });

  it('with more deltas than one step looks at is read to its end', async () => {
    await using store = await openSqliteStore(testDirectory('search'));
    const run = await store.runs.add({ id: 'a', taskId: 'nightly' });
    for (let first = 0; first < 20_000; first += 1_000) {
      const bodies = Array.from({ length: 1_000 }, () => delta('x', 'a'));
      await store.journal.append({ runId: 'a', claim: run.claim, events: numbered(bodies, first) });
    }
    await write(store, 'a', [said('x', 'needle')]);
    expect(Object.keys(await marked(store, 'needle'))).toEqual(['a']);
  });
});
