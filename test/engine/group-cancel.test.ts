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
