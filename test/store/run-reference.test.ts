import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';

let store: Store;
let clock: number;

beforeEach(async () => {
  clock = Date.UTC(2026, 10, 24);
  store = await openSqliteStore(testDirectory('references'));
  onTestFinished(() => store.close());
});

async function add(id: string, { name = 'Nightly', isEnded = false, parentId = null as string | null } = {}) {
  await store.runs.add({ id, taskId: 'nightly', name, parentId, createdAt: new Date(clock++).toISOString() });
  const change = { state: 'done', endedAt: new Date(clock).toISOString() } as const;
  if (isEnded) await store.journal.append({ runId: id, claim: 0, events: [], change });
}

const meant = async (reference: string) => (await store.runs.resolve(reference)).map(({ id }) => id);

describe('a reference to a run', () => {
  it('is its id, or the beginning of that: four characters at least', async () => {
    await add('run-abcd1');
    await add('run-abcd2');
    await add('run-efgh');
    expect(await meant('run-abcd1')).toEqual(['run-abcd1']);
    expect(await meant('run-efgh')).toEqual(['run-efgh']);
    expect(await meant('efgh')).toEqual(['run-efgh']);
    expect(await meant('abcd2')).toEqual(['run-abcd2']);
    expect(await meant('run-abcd')).toEqual(['run-abcd2', 'run-abcd1']);
    for (const nobody of ['run-efg', 'efg', 'run-', 'run', '', 'run-zzzz', '%%%%', 'run-____', '\0']) {
      expect(await meant(nobody), nobody).toEqual([]);
    }
  });

  it('is an id before it is the beginning of one, and a name before that', async () => {
    await add('run-abcd');
    await add('run-abcde');
    expect(await meant('run-abcd')).toEqual(['run-abcd']);
    await add('run-1', { name: 'abcd' });
    expect(await meant('abcd')).toEqual(['run-1']);
    await add('run-2', { name: 'run-abcd' });
    expect(await meant('run-abcd')).toEqual(['run-abcd']);
  });

  it('is a name: of several runs with it the only one that has not ended', async () => {
    await add('run-1', { name: 'Tidy up', isEnded: true });
    expect(await meant('Tidy up')).toEqual(['run-1']);
    expect(await meant('tidy up')).toEqual([]);
    await add('run-2', { name: 'Tidy up', isEnded: true });
    expect(await meant('Tidy up')).toEqual(['run-2', 'run-1']);
    await add('run-3', { name: 'Tidy up' });
    expect(await meant('Tidy up')).toEqual(['run-3']);
    await add('run-4', { name: 'Tidy up' });
    expect(await meant('Tidy up')).toEqual(['run-4', 'run-3']);
  });

  it('is @last for the newest that no other run has begun', async () => {
    expect(await meant('@last')).toEqual([]);
    await add('run-1', { isEnded: true });
    await add('run-2');
    await add('run-3', { parentId: 'run-2' });
    expect(await meant('@last')).toEqual(['run-2']);
  });

  it('gives some where it may be one of many', async () => {
    for (let n = 0; n < 30; n++) await add(`run-many${n}`);
    expect(await meant('many')).toHaveLength(11);
    expect(await meant('Nightly')).toHaveLength(11);
  });
});
