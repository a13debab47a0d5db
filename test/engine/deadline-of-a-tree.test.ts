import { describe, expect, it } from 'vitest';
import type { RunContext } from '../../src/task/context.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { patient } from '../support/tasks.ts';

describe('the deadline of an order to stop', () => {
  it('is that of the one below that may take longest, where the task of the topmost says nothing', async () => {
    const { engine, store } = await openEngine();
    const leaf = patient('leaf', { graceMs: 240_000 });
    const middle = taskOf((context) => context.runChild(leaf), { id: 'middle', graceMs: 2 });
    await engine.tasks.define(taskOf((context) => context.runChild(middle), { id: 'top' }));
    const { id } = await engine.launch('top');
    await leaf.began;
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
    const tree = await store.runs.list({ rootId: id });
    expect(tree.map(({ state, cancel }) => [state, cancel?.graceMs])).toEqual(Array(3).fill(['cancelled', 240_000]));
    expect(new Set(tree.map(({ cancel }) => cancel?.deadline)).size).toBe(1);
  });

  it('is that also when a sibling has failed, or the run is over', async () => {
    const { engine, store } = await openEngine();
    const beside = patient('beside', { graceMs: 240_000 });
    const fails = taskOf(() => beside.began.then(() => Promise.reject(new Error('no'))), { id: 'fails' });
    await engine.tasks.define(
      taskOf((context) => context.runChildren([{ task: beside }, { task: fails }]).then(() => {})),
    );
    const left = patient('left', { graceMs: 240_000 });
    const leaves = async (context: RunContext) => {
      void context.runChild(left);
      await left.began;
    };
    await engine.tasks.define(taskOf(leaves, { id: 'leaves' }));
    for (const taskId of ['task', 'leaves']) await engine.runs.outcome((await engine.launch(taskId)).id);
    const orders = (await store.runs.list()).flatMap(({ taskId, cancel }) => (cancel ? [[taskId, cancel]] : []));
    expect(orders).toEqual([
      ['beside', expect.objectContaining({ from: 'sibling', graceMs: 240_000 })],
      ['left', expect.objectContaining({ from: 'parent', graceMs: 240_000 })],
    ]);
  });
});
