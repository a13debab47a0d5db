import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';

const MONDAY = '2026-11-23T06:00:00.000Z';
const TUESDAY = '2026-11-24T06:00:00.000Z';
const WEDNESDAY = '2026-11-25T06:00:00.000Z';

let directory: string;
let store: Store;

beforeEach(async () => {
  directory = testDirectory();
  store = await openSqliteStore(directory);
  onTestFinished(() => store.close());
});

const nightly = { id: 'nightly', name: 'Nightly', metadata: { team: 'red' }, schedule: '0 6 * * *' };
const tuesday = { taskId: 'nightly', after: MONDAY, scheduledFor: TUESDAY };

describe('tasks', () => {
  it('are kept as they were defined', async () => {
    const definition = { say: 'hello' };
    const put = await store.tasks.put({ ...nightly, description: 'each night', definition }, MONDAY);
    await store.tasks.put({ id: 'by-hand', name: 'By hand', metadata: {} }, MONDAY);
    expect(put).toEqual({
      ...nightly,
      description: 'each night',
      definition,
      isPaused: false,
      firesAfter: MONDAY,
      lastFiredAt: null,
      lastSkippedAt: null,
      createdAt: MONDAY,
      updatedAt: MONDAY,
    });
    await store.close();
    store = await openSqliteStore(directory);
    expect(await store.tasks.find('nightly')).toEqual(put);
    expect((await store.tasks.list()).map(({ id }) => id)).toEqual(['by-hand', 'nightly']);
    expect(await store.tasks.find('by-hand')).toMatchObject({ definition: null, schedule: null, description: null });
  });

  it('keep where their schedule stands when they are defined again', async () => {
    await store.tasks.put(nightly, MONDAY);
    await store.runs.add({ id: 'a', taskId: 'nightly' }, tuesday);
    await store.tasks.pause('nightly', true, WEDNESDAY);
    await store.tasks.put({ ...nightly, name: 'Every night' }, '2026-11-26T00:00:00.000Z');
    expect(await store.tasks.find('nightly')).toMatchObject({
      name: 'Every night',
      isPaused: true,
      firesAfter: WEDNESDAY,
      lastFiredAt: TUESDAY,
      createdAt: MONDAY,
    });
  });

  it('begin anew with another schedule: its past is not theirs', async () => {
    await store.tasks.put(nightly, MONDAY);
    expect(await store.tasks.put({ ...nightly, schedule: '0 7 * * *' }, WEDNESDAY)).toMatchObject({
      firesAfter: WEDNESDAY,
    });
    expect(await store.tasks.put({ id: 'nightly', name: 'Nightly', metadata: {} }, WEDNESDAY)).toMatchObject({
      schedule: null,
    });
  });

  it('have one run for a time of their schedule, whoever launches it, and however often (C16)', async () => {
    await store.tasks.put(nightly, MONDAY);
    const both = await Promise.allSettled([
      store.runs.add({ id: 'a', taskId: 'nightly' }, tuesday),
      store.runs.add({ id: 'b', taskId: 'nightly', metadata: { team: 'red' } }, tuesday),
    ]);
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(both[1]).toMatchObject({ reason: { code: 'state-changed' } });
    expect(await store.runs.list()).toMatchObject([{ id: 'a', scheduledFor: TUESDAY }]);
    expect(await store.tasks.find('nightly')).toMatchObject({ firesAfter: TUESDAY, lastFiredAt: TUESDAY });
    expect(await store.tasks.skipped(tuesday)).toBe(false);
  });

  it('note a time as dealt with only when its run is written, too', async () => {
    await store.tasks.put(nightly, MONDAY);
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    await failureOf(store.runs.add({ id: 'a', taskId: 'nightly' }, tuesday)); // there is a run of that id
    expect(await store.tasks.find('nightly')).toMatchObject({ firesAfter: MONDAY, lastFiredAt: null });
  });

  it('note a time for which nothing was launched', async () => {
    await store.tasks.put(nightly, MONDAY);
    expect(await store.tasks.skipped(tuesday)).toBe(true);
    expect(await store.tasks.find('nightly')).toMatchObject({
      firesAfter: TUESDAY,
      lastFiredAt: null,
      lastSkippedAt: TUESDAY,
    });
    expect((await failureOf(store.runs.add({ id: 'a', taskId: 'nightly' }, tuesday))).code).toBe('state-changed');
  });

  it('launch nothing while they are paused, and make up for nothing of it', async () => {
    await store.tasks.put(nightly, MONDAY);
    await store.tasks.pause('nightly', true, MONDAY);
    expect((await failureOf(store.runs.add({ id: 'a', taskId: 'nightly' }, tuesday))).code).toBe('state-changed');
    expect(await store.tasks.pause('nightly', false, WEDNESDAY)).toMatchObject({
      isPaused: false,
      firesAfter: WEDNESDAY,
    });
    expect((await failureOf(store.tasks.pause('nobody', true, MONDAY))).code).toBe('not-found');
  });

  it('can be restarted where the clock had been wrong', async () => {
    await store.tasks.put(nightly, '2040-01-01T00:00:00.000Z');
    await store.tasks.restarted('nightly', MONDAY);
    expect(await store.tasks.find('nightly')).toMatchObject({ firesAfter: MONDAY });
  });

  it('are removed without their runs, and not while some of those have not ended', async () => {
    await store.tasks.put(nightly, MONDAY);
    await store.runs.add({ id: 'a', taskId: 'nightly' });
    expect(await store.tasks.remove('nightly')).toBe(false);
    expect(await store.tasks.find('nightly')).toBeDefined();
    await store.journal.append({ runId: 'a', claim: 0, events: [], change: { state: 'cancelled' } });
    expect(await store.tasks.remove('nightly')).toBe(true);
    expect(await store.tasks.find('nightly')).toBeUndefined();
    expect(await store.runs.find('a')).toBeDefined();
  });
});
