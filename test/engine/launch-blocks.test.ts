import { describe, expect, it, vi } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import { LaunchRefused, OptioError } from '../../src/errors.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { quick } from '../support/tasks.ts';

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
