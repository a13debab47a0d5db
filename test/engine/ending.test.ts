import { describe, expect, it } from 'vitest';
import { done, openEngine, taskOf } from '../support/engine.ts';

describe('a run whose task says itself when it is under way', () => {
  it('is so before it is done, also when the task has forgotten to say it', async () => {
    const { engine } = await openEngine();
    let executions = 0;
    const execute = async () => {
      executions++;
      return done('all the same');
    };
    await engine.tasks.define(taskOf(execute, { tellsBegin: true, canRecover: true }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'all the same' });
    expect(executions).toBe(1);
    const states = [];
    for await (const event of engine.runs.past(id)) if (event.type === 'run.state') states.push(event.state);
    expect(states).toEqual(['starting', 'running']);
  });

  it('is cancelled when the order to stop comes before that', async () => {
    const { engine } = await openEngine();
    const execute = async ({ runId }: { readonly runId: string }) => {
      void engine.controls.cancel(runId, 'enough');
      return done();
    };
    await engine.tasks.define(taskOf(execute, { tellsBegin: true, canRecover: true }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });
});

it('a run that is in a state from which it cannot be done has failed, and is not executed again and again', async () => {
  const { engine, store } = await openEngine();
  let executions = 0;
  const execute = async ({ runId }: { readonly runId: string }) => {
    executions++;
    const change = { state: 'starting' } as const;
    await store.journal.append({ runId, claim: 1, events: [], change, isDurable: true });
    return done();
  };
  await engine.tasks.define(taskOf(execute, { canRecover: true }));
  const { id } = await engine.launch('task');
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'state-changed' } });
  expect(executions).toBe(1);
});
