import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Store } from '../../src/store/store.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { failing, patient, quick, stuck } from '../support/tasks.ts';

const HOUR = 3_600_000;
/** Ends are told by the real clock; this one is far behind it until it is set. */
const PAST = '2000-01-01T00:00:00.000Z';

/** Resolves when a run is removed. */
function removed(store: Store, runId: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { remove } = store.runs;
  store.runs.remove = async (id) => {
    await remove.call(store.runs, id);
    if (id === runId) resolve();
  };
  return promise;
}

const later = (time: string | null | undefined, ms: number) => new Date(Date.parse(time ?? '') + ms).toISOString();

describe('a run whose task says how long it is kept', () => {
  it.each(['done', 'failed', 'failed to stop in time', 'cancelled', 'cancelled while it waited'])(
    'expires that long after it was or has %s (C16, D1.14)',
    async (how) => {
      const isWaiting = how === 'cancelled while it waited';
      const { engine } = await openEngine({ clock: new TestClock(PAST), ...(isWaiting && { limits: { total: 0 } }) });
      const waits = patient('task', { ttlMs: HOUR });
      const deaf = stuck('task', { ttlMs: HOUR, graceMs: 1 });
      const tasks = {
        done: { ...quick('task'), ttlMs: HOUR },
        failed: { ...failing('task'), ttlMs: HOUR },
        'failed to stop in time': deaf,
      };
      await engine.tasks.define(how in tasks ? tasks[how as 'done'] : waits);
      const { id, expiresAt } = await engine.launch('task');
      expect(expiresAt).toBeNull();
      if (how === 'cancelled') await waits.began;
      if (how === 'failed to stop in time') await deaf.began;
      if (/cancelled|stop/.test(how)) await engine.controls.cancel(id, 'enough');
      await engine.runs.outcome(id);
      const run = await engine.runs.find(id);
      expect(run?.state).toBe(how.split(' ')[0]);
      expect(run?.expiresAt).toBe(later(run?.endedAt, HOUR));
    },
  );

  it('ends also where it is kept as long as can be', async () => {
    const { engine } = await openEngine({ clock: new TestClock(PAST) });
    const ttlMs = 100 * 365 * 24 * HOUR;
    await engine.tasks.define({ ...quick('task'), ttlMs });
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    const run = await engine.runs.find(id);
    expect(run?.expiresAt).toBe(later(run?.endedAt, ttlMs));
  });

  it('is removed then with its journal, its tags and its private directory, and not before', async () => {
    const clock = new TestClock(PAST);
    const { engine, store, directory } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), ttlMs: HOUR, metadata: { team: 'red' } });
    await engine.tasks.define({ ...quick('kept'), metadata: { team: 'red' } });
    const { id } = await engine.launch('task');
    const kept = await engine.launch('kept');
    await Promise.all([engine.runs.outcome(id), engine.runs.outcome(kept.id)]);
    const own = join(directory, 'runs', id);
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, 'left'), 'behind');
    const gone = removed(store, id);
    const { expiresAt } = (await engine.runs.find(id)) ?? {};
    clock.set(later(expiresAt, -1));
    expect(await engine.runs.find(id)).toBeDefined();
    clock.set(expiresAt ?? '');
    await gone;
    expect(await engine.runs.find(id)).toBeUndefined();
    expect(await store.journal.read(id, 0)).toEqual([]);
    expect(existsSync(own)).toBe(false);
    expect(await store.runs.list({ metadata: { team: 'red' } })).toMatchObject([{ id: kept.id, expiresAt: null }]);
    expect((await failureOf(engine.runs.outcome(id))).code).toBe('not-found');
  });

  it('is removed with its blobs, but not with those that another run uses', async () => {
    const clock = new TestClock(PAST);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), ttlMs: HOUR });
    await engine.tasks.define(quick('kept'));
    const { id } = await engine.launch('task');
    const kept = await engine.launch('kept');
    await Promise.all([engine.runs.outcome(id), engine.runs.outcome(kept.id)]);
    const own = await store.blobs.put(id, Buffer.from('of this run'));
    const shared = await store.blobs.put(id, Buffer.from('of both'));
    expect(await store.blobs.put(kept.id, Buffer.from('of both'))).toBe(shared);
    const gone = removed(store, id);
    clock.set((await engine.runs.find(id))?.expiresAt ?? '');
    await gone;
    expect((await failureOf(store.blobs.read(own))).code).toBe('not-found');
    expect(await text(await store.blobs.read(shared))).toBe('of both');
  });

  it('is removed by the process that comes after, too', async () => {
    const first = await openEngine({ clock: new TestClock(PAST) });
    await first.engine.tasks.define({ ...quick('task'), ttlMs: HOUR });
    const { id } = await first.engine.launch('task');
    await first.engine.runs.outcome(id);
    const { expiresAt } = (await first.engine.runs.find(id)) ?? {};
    await first.die();
    const clock = new TestClock(PAST);
    const { engine, store } = await openEngine({ clock, directory: first.directory });
    const gone = removed(store, id);
    clock.set(expiresAt ?? '');
    await gone;
    expect(await engine.runs.list()).toEqual([]);
  });

  it('takes along what it has begun', async () => {
    const clock = new TestClock(PAST);
    const { engine, store } = await openEngine({ clock });
    const execute = taskOf(async (context) => {
      await context.runChild({ ...quick('child'), ttlMs: 1 });
      return done();
    }).execute;
    await engine.tasks.define(taskOf(execute, { ttlMs: HOUR }));
    const { id } = await engine.launch('task');
    await engine.runs.outcome(id);
    expect(await store.runs.list({ parentId: id })).toMatchObject([{ state: 'done', expiresAt: null }]);
    const gone = removed(store, id);
    clock.set(later((await engine.runs.find(id))?.expiresAt, 0));
    await gone;
    expect(await engine.runs.list()).toEqual([]);
  });

  it('launched again is another run, which an expiry of the first does not reach (D1.12)', async () => {
    const clock = new TestClock(PAST);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), ttlMs: HOUR });
    const first = await engine.launch('task');
    await engine.runs.outcome(first.id);
    const { expiresAt } = (await engine.runs.find(first.id)) ?? {};
    const second = patient('task', { ttlMs: HOUR });
    await engine.tasks.define(second);
    const again = await engine.launch('task');
    await second.began;
    const gone = removed(store, first.id);
    clock.set(expiresAt ?? '');
    await gone;
    expect((await engine.runs.list()).map(({ id, state }) => [id, state])).toEqual([[again.id, 'running']]);
  });

  it('is not kept for a time that is none', async () => {
    const { engine } = await openEngine();
    const error = await failureOf(engine.tasks.define({ ...quick('task'), ttlMs: -1 }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'ttlMs' } });
  });
});

describe('what cannot be removed', () => {
  it('holds up nothing else, and is tried again', async () => {
    const clock = new TestClock(PAST);
    const { engine, store, directory } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), ttlMs: HOUR });
    const [a, b] = [await engine.launch('task'), await engine.launch('task')];
    await Promise.all([engine.runs.outcome(a.id), engine.runs.outcome(b.id)]);
    mkdirSync(join(directory, 'runs'), { recursive: true });
    writeFileSync(join(directory, 'runs', a.id), 'no directory');
    const goneB = removed(store, b.id);
    const then = later(new Date().toISOString(), 2 * HOUR);
    clock.set(then);
    await goneB;
    await expect.poll(() => clock.waiting).toBe(1);
    expect((await engine.runs.list()).map(({ id }) => id)).toEqual([a.id]);
    rmSync(join(directory, 'runs', a.id));
    const goneA = removed(store, a.id);
    clock.set(later(then, HOUR));
    await goneA;
    expect(await engine.runs.list()).toEqual([]);
  });
});
