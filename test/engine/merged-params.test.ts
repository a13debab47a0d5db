import { describe, expect, it } from 'vitest';
import { mergedParams } from '../../src/engine/merged-params.ts';
import { OptioError } from '../../src/errors.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';

describe('mergedParams', () => {
  it('takes of two objects what the launch says of each name', () => {
    expect(mergedParams({ package: 'server', since: 3 }, { since: 4, x: 1 })).toEqual({
      package: 'server',
      since: 4,
      x: 1,
    });
    expect(mergedParams({ package: 'server' }, undefined)).toEqual({ package: 'server' });
  });

  it.each([
    [{ a: 1 }, null],
    [{ a: 1 }, 'text'],
    [{ a: 1 }, [1]],
    [[1], { a: 1 }],
    [undefined, { a: 1 }],
  ])('lets anything else take the place of what the task says: %j, %j', (own, given) => {
    expect(mergedParams(own, given)).toEqual(given);
  });
});

describe('the params of a launch', () => {
  it('are those of the task, and of the same name its own', async () => {
    const { engine } = await openEngine();
    const task = taskOf(async ({ params }) => done(JSON.stringify(params)));
    await engine.tasks.define({ ...task, params: { package: 'server', since: 3 } });
    const { id } = await engine.launch('task', { params: { since: 4 } });
    expect(await engine.runs.outcome(id)).toMatchObject({ text: '{"package":"server","since":4}' });
  });

  it('are those of a child as well', async () => {
    const { engine } = await openEngine();
    const child = {
      ...taskOf(async ({ params }) => done(JSON.stringify(params))),
      id: 'child',
      params: { a: 1, b: 1 },
    };
    await engine.tasks.define(taskOf((context) => context.runChild(child, { params: { b: 2 } })));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ text: '{"a":1,"b":2}' });
  });

  it('may be refused by the task, and nothing is launched then', async () => {
    const { engine, store } = await openEngine();
    const seen: unknown[] = [];
    const checkParams = (params: unknown) => {
      seen.push(params);
      throw new OptioError('invalid-input', 'not this');
    };
    await engine.tasks.define({ ...taskOf(async () => done()), params: { a: 1 }, checkParams });
    expect(await failureOf(engine.launch('task', { params: { b: 2 } }))).toMatchObject({ message: 'not this' });
    expect(seen).toEqual([{ a: 1, b: 2 }]);
    expect(await store.runs.list({})).toEqual([]);
  });
});

describe('the place of a launch', () => {
  it('is looked at before anything is written, unless the run begins later or by a schedule', async () => {
    const { engine, store } = await openEngine();
    const checkPlace = async () => Promise.reject(new OptioError('workspace-refused', 'there is no directory'));
    await engine.tasks.define({ ...taskOf(async () => done()), checkPlace });
    expect(await failureOf(engine.launch('task'))).toMatchObject({ code: 'workspace-refused' });
    expect(await store.runs.list({})).toEqual([]);
    await engine.launch('task', { notBefore: new Date('2100-01-01') });
    expect(await store.runs.list({})).toHaveLength(1);
  });
});
