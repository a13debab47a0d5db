import { describe, expect, it } from 'vitest';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { quick } from '../support/tasks.ts';

describe('what a run is called', () => {
  it('is what its launch says, or else what its task is called, or else the id of that', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => done(), { name: 'Every night' }));
    expect(await engine.launch('task', { name: 'Tonight' })).toMatchObject({ name: 'Tonight' });
    expect(await engine.launch('task')).toMatchObject({ name: 'Every night' });
    await engine.tasks.define({ ...quick('nameless'), name: '' });
    expect(await engine.launch('nameless')).toMatchObject({ name: 'nameless' });
  });

  it('is what its task is called for one that another has begun', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf((context) => context.runChild({ ...quick('child'), name: 'A child' })));
    const { id } = await engine.launch('task', { name: 'The parent' });
    await engine.runs.outcome(id);
    expect(await engine.runs.list({ parentId: id })).toMatchObject([{ name: 'A child' }]);
  });
});
