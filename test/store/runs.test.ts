import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { notice, numbered } from '../support/stored-run.ts';

let store: Store;

beforeEach(async () => {
  store = await openSqliteStore(testDirectory());
  onTestFinished(() => store.close());
});

describe('runs', () => {
  it('begin as scheduled, under no claim', async () => {
    const run = await store.runs.add({ id: 'run-1', taskId: 'nightly' });
    expect(run).toMatchObject({
      state: 'scheduled',
      claim: 0,
      attempt: 1,
      lastSeq: 0,
      rootId: 'run-1',
      parentId: null,
    });
    expect(run).toMatchObject({ params: null, checkpoint: null, outcome: null, metadata: {} });
  });

  it('are found by state, task, ancestry and tags', async () => {
    const ids = async (filter: Parameters<Store['runs']['list']>[0]) =>
      (await store.runs.list(filter)).map(({ id }) => id);
    await store.runs.add({ id: 'a', taskId: 'nightly', metadata: { team: 'red', kind: 'x' } });
    await store.runs.add({ id: 'b', taskId: 'nightly', metadata: { team: 'red' }, parentId: 'a', rootId: 'a' });
    await store.runs.add({ id: 'c', taskId: 'other', metadata: { team: 'blue' } });
    await store.journal.append({ runId: 'c', claim: 0, events: [], change: { state: 'done' } });

    expect(await ids({})).toEqual(['a', 'b', 'c']);
    expect(await ids({ states: ['scheduled'] })).toEqual(['a', 'b']);
    expect(await ids({ states: [] })).toEqual([]);
    expect(await ids({ taskId: 'nightly' })).toEqual(['a', 'b']);
    expect(await ids({ parentId: 'a' })).toEqual(['b']);
    expect(await ids({ rootId: 'a' })).toEqual(['a', 'b']);
    expect(await ids({ metadata: { team: 'red' } })).toEqual(['a', 'b']);
    expect(await ids({ metadata: { team: 'red', kind: 'x' } })).toEqual(['a']);
    expect(await ids({ metadata: { team: 'green' } })).toEqual([]);
  });

  it('that are launched with a key are there once, and it names no other', async () => {
    const launchKey = { key: 'k', print: 'p' };
    const first = await store.runs.add({ id: 'a', taskId: 'nightly', metadata: { team: 'red' }, launchKey });
    const again = await store.runs.add({ id: 'b', taskId: 'nightly', metadata: { team: 'blue' }, launchKey });
    expect(again).toEqual(first);
    const other = store.runs.add({ id: 'c', taskId: 'nightly', launchKey: { key: 'k', print: 'q' } });
    expect((await failureOf(other)).code).toBe('key-reused');
    expect(await store.runs.list({ metadata: { team: 'blue' } })).toEqual([]);
    expect(await store.runs.findByKey('k')).toEqual({ run: first, print: 'p' });
    expect(await store.runs.findByKey('p')).toBeUndefined();
    await store.runs.remove('a');
    expect(await store.runs.add({ id: 'd', taskId: 'nightly', launchKey })).toMatchObject({ id: 'd' });
  });

  it('are taken over by who claims them: nothing is written under the older claim any more', async () => {
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    const first = await store.runs.claim('a');
    const second = await store.runs.claim('a');
    expect([first.claim, second.claim]).toEqual([1, 2]);

    const old = {
      runId: 'a',
      claim: first.claim,
      events: numbered([notice('old')]),
      change: { state: 'done' as const },
    };
    expect((await failureOf(store.journal.append(old))).code).toBe('claim-lost');
    expect(await store.runs.find('a')).toMatchObject({ state: 'scheduled', lastSeq: 0 });
    expect(await store.journal.read('a', 0)).toEqual([]);
  });

  it('change from the states that were named, and from no other', async () => {
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    const start = {
      runId: 'a',
      claim: 0,
      events: [],
      change: { state: 'starting' as const },
      from: ['scheduled' as const],
    };
    await store.journal.append(start);
    expect((await failureOf(store.journal.append(start))).code).toBe('state-changed');
  });

  it('keep what is not changed, and lose what is set to null', async () => {
    await store.runs.add({ id: 'a', taskId: 'nightly', notBefore: '2026-11-25T00:00:00.000Z' });
    const write = (change: object) => store.journal.append({ runId: 'a', claim: 0, events: [], change });
    await write({ checkpoint: { thread: 't' } });
    await write({ attempt: 2 });
    expect(await store.runs.find('a')).toMatchObject({
      checkpoint: { thread: 't' },
      attempt: 2,
      notBefore: '2026-11-25T00:00:00.000Z',
    });
    await write({ checkpoint: null, notBefore: null });
    expect(await store.runs.find('a')).toMatchObject({ checkpoint: null, notBefore: null, attempt: 2 });
  });

  it('leave nothing when they are removed', async () => {
    await store.runs.add({ id: 'a', taskId: 'nightly', metadata: { team: 'red' } });
    await store.journal.append({ runId: 'a', claim: 0, events: numbered([notice('hello')]) });
    await store.runs.remove('a');
    expect(await store.runs.find('a')).toBeUndefined();
    expect(await store.journal.read('a', 0)).toEqual([]);
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    expect(await store.runs.list({ metadata: { team: 'red' } })).toEqual([]);
  });

  it('expire as whole trees, and only when all of a tree has ended', async () => {
    const end = (runId: string, expiresAt: string | null = null) =>
      store.journal.append({ runId, claim: 0, events: [], change: { state: 'done', expiresAt } });
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    await store.runs.add({ id: 'a1', taskId: 'nightly', parentId: 'a', rootId: 'a' });
    await store.runs.add({ id: 'b', taskId: 'nightly' });
    await store.runs.add({ id: 'c', taskId: 'nightly' });
    expect(await store.runs.nextExpiry()).toBeUndefined();
    await end('a', '2026-11-24T00:00:00.000Z');
    await end('b', '2026-11-25T00:00:00.000Z');
    await end('c');
    expect(await store.runs.nextExpiry()).toBe('2026-11-24T00:00:00.000Z');
    expect(await store.runs.expired('2030-01-01T00:00:00.000Z')).toEqual([['b']]);
    await end('a1', '2026-11-24T00:00:00.000Z');
    expect(await store.runs.expired('2030-01-01T00:00:00.000Z')).toEqual([['a', 'a1'], ['b']]);
    expect(await store.runs.expired('2026-11-24T00:00:00.000Z')).toEqual([['a', 'a1']]);
    expect(await store.runs.expired('2026-11-23T23:59:59.999Z')).toEqual([]);
  });

  it('are added as children only while their parent is held, and in a state for it; each under its name once', async () => {
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    const { claim } = await store.runs.claim('a');
    const child = { taskId: 'x', parentId: 'a', rootId: 'a', childKey: 'k', parentAttempt: 1 };
    const held = { claim, states: ['scheduled' as const] };
    await store.runs.add({ ...child, id: 'b', parent: held });
    expect(await store.runs.list({ parentId: 'a', childKey: 'k' })).toMatchObject([{ id: 'b', parentAttempt: 1 }]);
    expect((await failureOf(store.runs.add({ ...child, id: 'c', parent: held }))).code).toBe('store-failed');
    const other = { ...child, childKey: 'other', id: 'c' };
    const late = store.runs.add({ ...other, parent: { claim: claim - 1, states: ['scheduled'] } });
    expect((await failureOf(late)).code).toBe('state-changed');
    const ended = store.runs.add({ ...other, parent: { claim, states: ['running'] } });
    expect((await failureOf(ended)).code).toBe('state-changed');
    expect(await store.runs.list({ parentId: 'a' })).toHaveLength(1);
  });

  it('cannot be claimed when they are not there', async () => {
    expect((await failureOf(store.runs.claim('nobody'))).code).toBe('not-found');
  });
});
