import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { LaunchRefused, OptioError } from '../../src/errors.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { patient, quick } from '../support/tasks.ts';

const red = { metadata: { team: 'red' } };

/** Whether a launch with these tags is taken. */
async function isOpen(engine: Engine, metadata: Record<string, string> = {}): Promise<boolean> {
  try {
    await engine.launch('quick', { metadata });
    return true;
  } catch (error) {
    if (error instanceof LaunchRefused && error.reason === 'blocked') return false;
    throw error;
  }
}

async function engineWithTask() {
  const opened = await openEngine();
  await opened.engine.tasks.define(quick('quick'));
  return opened;
}

describe('a launch block', () => {
  it('refuses what has all of its tags, says why, and lets everything else through', async () => {
    const { engine, store } = await engineWithTask();
    const block = await engine.groups.block({ metadata: { team: 'red', kind: 'x' } }, { reason: 'an audit' });
    const refused = await failureOf(engine.launch('quick', { metadata: { team: 'red', kind: 'x', more: 'y' } }));
    expect(refused).toMatchObject({ code: 'launch-refused', reason: 'blocked' });
    expect(refused.message).toContain('an audit');
    expect(await store.runs.list()).toEqual([]);
    expect(await isOpen(engine, { team: 'red' })).toBe(true);
    expect(await isOpen(engine)).toBe(true);
    await block.release();
    expect(await isOpen(engine, { team: 'red', kind: 'x' })).toBe(true);
  });

  it.each<[field: string, metadata: Record<string, string>, reason: string]>([
    ['reason', {}, 'an\0audit'],
    ['metadata.team', { team: 'r\0d' }, 'an audit'],
  ])('with a NUL character in its %s is refused, and blocks nothing', async (field, metadata, reason) => {
    const { engine } = await engineWithTask();
    const refused = await failureOf(engine.groups.block({ metadata }, { reason, persist: true }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field } });
    expect(engine.groups.blocks()).toEqual([]);
  });

  it('without tags refuses everything', async () => {
    const { engine } = await engineWithTask();
    await using _block = await engine.groups.block({}, { reason: 'quiet' });
    expect(await isOpen(engine)).toBe(false);
  });

  it('stands for itself: of two with the same tags both have to be released (C16)', async () => {
    const { engine } = await engineWithTask();
    const one = await engine.groups.block(red, { reason: 'one' });
    const two = await engine.groups.block(red, { reason: 'two' });
    await one.release();
    await one.release();
    expect(await isOpen(engine, { team: 'red' })).toBe(false);
    await two.release();
    expect(await isOpen(engine, { team: 'red' })).toBe(true);
  });

  it('is lifted by an exception in its scope (C16)', async () => {
    const { engine } = await engineWithTask();
    const failing = async () => {
      await using _block = await engine.groups.block(red, { reason: 'while it lasts' });
      expect(await isOpen(engine, { team: 'red' })).toBe(false);
      throw new Error('something else');
    };
    await expect(failing()).rejects.toThrow('something else');
    expect(await isOpen(engine, { team: 'red' })).toBe(true);
  });

  it('survives restarts where it is to, also the end of its scope, until it is released (C16)', async () => {
    const first = await engineWithTask();
    {
      await using _block = await first.engine.groups.block(red, { reason: 'for good', persist: true });
      await first.engine.groups.block({ metadata: { team: 'blue' } }, { reason: 'for now' });
    }
    await first.die();

    const second = await openEngine({ directory: first.directory });
    await second.engine.tasks.define(quick('quick'));
    expect(await isOpen(second.engine, { team: 'blue' })).toBe(true);
    expect(await isOpen(second.engine, { team: 'red' })).toBe(false);
    expect(second.engine.groups.blocks()).toMatchObject([
      { reason: 'for good', isPersistent: true, metadata: red.metadata },
    ]);
    await second.engine.groups.blocks()[0]?.release();
    expect(await isOpen(second.engine, { team: 'red' })).toBe(true);
    await second.engine.close();
    await second.die();

    const third = await openEngine({ directory: first.directory });
    expect(third.engine.groups.blocks()).toEqual([]);
  });

  it('is made once for a key, also over a restart where it holds over that', async () => {
    const first = await engineWithTask();
    const options = { reason: 'for good', persist: true, idempotencyKey: 'audit' };
    const blocks = await Promise.all([1, 2, 3].map(() => first.engine.groups.block(red, options)));
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(1);
    await first.die();

    const second = await openEngine({ directory: first.directory });
    const again = await second.engine.groups.block(red, options);
    expect(again.id).toBe(blocks[0]?.id);
    expect(second.engine.groups.blocks()).toHaveLength(1);
    const other = { ...options, reason: 'else' };
    expect(await failureOf(second.engine.groups.block(red, other))).toMatchObject({
      code: 'key-reused',
      details: { field: 'idempotencyKey' },
    });
    await again.release();
    const next = await second.engine.groups.block(red, other);
    await again.release();
    expect(second.engine.groups.blocks()).toEqual([next]);
  });

  it('that could not be written leaves its key to whoever asks next', async () => {
    const { engine, store } = await engineWithTask();
    vi.spyOn(store.launchBlocks, 'add').mockRejectedValueOnce(new OptioError('store-full', 'the disk is full'));
    const options = { reason: 'for good', persist: true, idempotencyKey: 'audit' };
    const [first, second] = await Promise.allSettled([
      engine.groups.block(red, options),
      engine.groups.block(red, options),
    ]);
    expect(first).toMatchObject({ reason: { code: 'store-full' } });
    expect(second).toMatchObject({ value: { reason: 'for good' } });
    expect(engine.groups.blocks()).toHaveLength(1);
  });

  it.each(['', 'a\nb', 'x'.repeat(201)])('is not made with the key %j', async (idempotencyKey) => {
    const { engine } = await engineWithTask();
    const refused = await failureOf(engine.groups.block(red, { reason: 'x', idempotencyKey }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'idempotencyKey' } });
    expect(engine.groups.blocks()).toEqual([]);
  });

  it('holds for a launch by whatever name the run is meant (D1.7), and for children by the tags they have', async () => {
    const { engine, store } = await engineWithTask();
    const child = taskOf(async () => done(), { id: 'child', metadata: { kind: 'child' } });
    await engine.tasks.define(taskOf(async (context) => context.runChild(child), { id: 'parent' }));
    await using _block = await engine.groups.block(
      { metadata: { team: 'red', kind: 'child' } },
      { reason: 'no children' },
    );
    const { id } = await engine.launch('parent', red);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'launch-refused' } });
    expect(await store.runs.list({ parentId: id })).toEqual([]);
    const free = await engine.launch('parent', { metadata: { team: 'blue' } });
    expect(await engine.runs.outcome(free.id)).toMatchObject({ status: 'done' });
  });
});

describe('a cancel of a group', () => {
  it('cancels all that match, those that wait and those under way, and nothing else', async () => {
    const { engine } = await openEngine({ limits: { byTag: { team: 1 } } });
    const task = patient('patient');
    await engine.tasks.define(task);
    const { id: running } = await engine.launch('patient', red);
    await task.began;
    const { id: waiting } = await engine.launch('patient', red);
    const { id: other } = await engine.launch('patient', { metadata: { team: 'blue' } });
    expect((await engine.groups.cancel(red, { reason: 'enough' })).sort()).toEqual([running, waiting].sort());
    expect(await engine.runs.outcome(running)).toMatchObject({ status: 'cancelled' });
    expect(await engine.runs.outcome(waiting)).toMatchObject({ status: 'cancelled', error: { message: 'enough' } });
    expect((await engine.runs.find(other))?.cancel).toBeNull();
  });

  it('catches a launch that is under way just then (C16)', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(patient('patient'));
    const looked = Promise.withResolvers<void>();
    const [add, list] = [store.runs.add.bind(store.runs), store.runs.list.bind(store.runs)];
    vi.spyOn(store.runs, 'add').mockImplementation((...args) => looked.promise.then(() => add(...args)));
    vi.spyOn(store.runs, 'list').mockImplementation((...args) => list(...args).finally(looked.resolve));
    const late = engine.launch('patient', red);
    const ids = await engine.groups.cancel(red, { reason: 'enough' });
    const { id } = await late;
    expect(ids).toEqual([id]);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('cancels all the others when one of them cannot be told, and says why then', async () => {
    const { engine, store } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(quick('quick'));
    const ids: string[] = [];
    for (let n = 0; n < 3; n++) ids.push((await engine.launch('quick', red)).id);
    const [first = '', ...others] = ids;
    const claim = store.runs.claim.bind(store.runs);
    const claimed = vi.spyOn(store.runs, 'claim').mockImplementation(async (runId) => {
      if (runId === first) throw new OptioError('store-failed', 'disk I/O error');
      return claim(runId);
    });
    expect((await failureOf(engine.groups.cancel(red, { reason: 'enough' }))).code).toBe('store-failed');
    for (const id of others) expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    expect(await engine.runs.find(first)).toMatchObject({ state: 'scheduled' });
    claimed.mockRestore();
    expect(await engine.groups.cancel(red, { reason: 'enough' })).toEqual([first]);
    expect(await engine.runs.outcome(first)).toMatchObject({ status: 'cancelled' });
  });

  it('refuses launches like them until all of them are over, where it is to', async () => {
    const { engine } = await engineWithTask();
    const go = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const slow = async () => {
      began.resolve();
      await go.promise;
      return done();
    };
    await engine.tasks.define(taskOf(slow, { id: 'slow', graceMs: 60_000 }));
    const { id } = await engine.launch('slow', red);
    await began.promise;
    await engine.groups.cancel(red, { reason: 'enough', block: true });
    expect(await isOpen(engine, { team: 'red' })).toBe(false);
    expect(await isOpen(engine, { team: 'blue' })).toBe(true);
    go.resolve();
    await engine.runs.outcome(id);
    await new Promise(setImmediate);
    expect(engine.groups.blocks()).toEqual([]);
    expect(await isOpen(engine, { team: 'red' })).toBe(true);
  });

  it('comes back to one of them that calls it (C16)', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(
      taskOf(async (context) => {
        const ids = await engine.groups.cancel(red, { reason: 'me too', block: true });
        await told(context.signal);
        return done(String(ids.includes(context.runId)));
      }),
    );
    const { id } = await engine.launch('task', red);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'true' });
  });

  it('that blocks, too, leaves it at a cancel for those that would begin children just then', async () => {
    const { engine } = await openEngine();
    const began = Promise.withResolvers<void>();
    await engine.tasks.define(
      taskOf(async (context) => {
        began.resolve();
        await told(context.signal);
        return done((await context.runChild(quick('late'))).status);
      }),
    );
    const { id } = await engine.launch('task', red);
    await began.promise;
    await engine.groups.cancel(red, { reason: 'enough', block: true });
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', text: 'cancelled' });
  });

  it('without a tag is refused: it would be everything', async () => {
    const { engine } = await openEngine();
    const refused = await failureOf(engine.groups.cancel({ metadata: {} }, { reason: 'x', block: true }));
    expect(refused.code).toBe('invalid-input');
    expect(engine.groups.blocks()).toEqual([]);
  });
});
