import { describe, expect, it } from 'vitest';
import type { Engine } from '../../src/engine/engine.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failing, patient, quick } from '../support/tasks.ts';

async function within(engine: Engine, body: (context: RunContext) => Promise<unknown>) {
  await engine.tasks.define(taskOf(async (context) => done(JSON.stringify(await body(context))), { id: 'parent' }));
  const { id } = await engine.launch('parent', { metadata: { team: 'red' } });
  return { id, outcome: await engine.runs.outcome(id) };
}

describe('a group of children', () => {
  it('gives the outcomes in its order, however they end, and nothing for nobody', async () => {
    const { engine } = await openEngine();
    const { promise: second, resolve } = Promise.withResolvers<void>();
    const late = taskOf(async () => second.then(() => done('late')), { id: 'late' });
    const early = taskOf(async () => Promise.resolve(resolve()).then(() => done('early')), { id: 'early' });
    const { outcome } = await within(engine, async (context) => [
      (await context.runChildren([{ task: late }, { task: early }])).map(({ text }) => text),
      await context.runChildren([]),
    ]);
    expect(outcome).toMatchObject({ status: 'done', text: '[["late","early"],[]]' });
  });

  it('has no more under way than it may', async () => {
    const { engine } = await openEngine();
    let now = 0;
    let most = 0;
    const task = taskOf(async (context) => {
      most = Math.max(most, ++now);
      await context.saveCheckpoint('some time passes');
      now--;
      return done();
    });
    const list = Array.from({ length: 9 }, () => ({ task }));
    const { outcome } = await within(engine, (context) => context.runChildren(list, { maxConcurrency: 3 }));
    expect(outcome.status).toBe('done');
    expect(most).toBe(3);
  });

  it('is not begun with a key that no column takes', async () => {
    const { engine, store } = await openEngine();
    const list = [{ task: quick('fine') }, { task: quick('never'), key: 'a\0b' }];
    const { id, outcome } = await within(engine, (context) => context.runChildren(list));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'invalid-input' } });
    expect(await store.runs.list({ parentId: id })).toEqual([]);
  });

  it.each([Number.NaN, 0, -1, 1.5])('is not begun when %s of them may be under way', async (maxConcurrency) => {
    const { engine, store } = await openEngine();
    const list = [{ task: quick('never') }];
    const { id, outcome } = await within(engine, (context) => context.runChildren(list, { maxConcurrency }));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'invalid-input' } });
    expect(outcome.error?.message).toContain('maxConcurrency');
    expect(await store.runs.list({ parentId: id })).toEqual([]);
  });

  it('stops when one fails: the others are cancelled, no more are begun, and it is thrown', async () => {
    const { engine, store } = await openEngine();
    const beside = patient('beside');
    const bad = taskOf(async () => beside.began.then(() => Promise.reject(new Error('too bad'))), { id: 'bad' });
    const list = [{ task: beside }, { task: bad, key: 'bad' }, { task: quick('never') }];
    const { id, outcome } = await within(engine, (context) => context.runChildren(list, { maxConcurrency: 2 }));
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'child-failed' } });
    expect(outcome.error?.message).toBe('the child "bad" has failed: too bad');
    const children = await store.runs.list({ parentId: id });
    expect(children.map(({ taskId, state }) => `${taskId} ${state}`).sort()).toEqual([
      'bad failed',
      'beside cancelled',
    ]);
  });

  it('that may survive failures goes on', async () => {
    const { engine } = await openEngine();
    const list = [{ task: failing('bad') }, { task: quick('good') }];
    const { outcome } = await within(engine, async (context) => {
      const outcomes = await context.runChildren(list, { maxConcurrency: 1, surviveFailure: true });
      return outcomes.map(({ status }) => status);
    });
    expect(outcome).toMatchObject({ status: 'done', text: '["failed","done"]' });
  });

  it('cancels its parent when one is cancelled, once all are over', async () => {
    const { engine, store } = await openEngine();
    const [one, other] = [patient('one'), patient('other')];
    const parent = within(engine, async (context) => {
      const outcomes = await context.runChildren([{ task: one }, { task: other }]);
      return [outcomes.map(({ status }) => status), context.signal.aborted];
    });
    await other.began;
    await engine.controls.cancel((await one.began).runId, 'not this one');
    const { id, outcome } = await parent;
    expect(outcome).toMatchObject({ status: 'cancelled', text: '[["cancelled","cancelled"],true]' });
    const children = await store.runs.list({ parentId: id });
    const orders = children.map(({ taskId, cancel }) => `${taskId} ${cancel?.from}`);
    expect(orders.sort()).toEqual(['one outside', 'other sibling']);
  });

  it('in which one fails and another is cancelled has failed: failure beats cancel (C16)', async () => {
    const { engine, store } = await openEngine();
    const one = patient('one');
    const bad = taskOf(
      async (context) => {
        await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
        return { ...done(), status: 'failed', error: { code: 'internal', message: 'on its way out' } };
      },
      { id: 'bad' },
    );
    const parent = within(engine, (context) => context.runChildren([{ task: one }, { task: bad, key: 'bad' }]));
    const first = await one.began;
    await engine.controls.cancel(first.runId, 'not this one');
    const { id, outcome } = await parent;
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'child-failed' } });
    expect(await store.runs.find(id)).toMatchObject({ state: 'failed', cancel: null });
  });

  it('with a child that is blocked is an error, and never an empty result (D1.5)', async () => {
    const { engine, store } = await openEngine();
    const { id, outcome } = await within(engine, async (context) => {
      await using _ = await engine.groups.block({ metadata: { team: 'red' } }, { reason: 'an audit' });
      return await context.runChildren([{ task: quick('a') }, { task: quick('b') }], {
        surviveFailure: true,
        surviveCancel: true,
      });
    });
    expect(outcome).toMatchObject({ status: 'failed', error: { code: 'launch-refused' } });
    expect(outcome.error?.message).toContain('an audit');
    expect(await store.runs.list({ parentId: id })).toEqual([]);
  });
});
