import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunContext } from '../../src/task/context.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { quick } from '../support/tasks.ts';

/** More than is written at once. */
const TOO_LARGE = 'x'.repeat(33 * 1024 * 1024);
const circular: unknown[] = [];
circular.push(circular);

describe('what a task gives that is no JSON', () => {
  it.each<readonly [what: string, execute: (context: RunContext) => Promise<unknown>]>([
    ['an outcome, which can never be written (D1.14)', async () => ({ ...done(), output: 10n })],
    ['an outcome that holds itself', async () => ({ ...done(), output: circular })],
    ['an event', async ({ emit }) => emit({ type: 'codex.notification', method: 'x', params: circular })],
    ['a checkpoint', ({ saveCheckpoint }) => saveCheckpoint({ at: 1n })],
    ['a checkpoint that would be lost', ({ saveCheckpoint }) => saveCheckpoint(() => 'done')],
    ['what a child is to be given', ({ runChild }) => runChild(quick('child'), { params: 1n })],
  ])('fails its own run, and no other: %s', async (_what, execute) => {
    const { engine } = await openEngine();
    const bound = (context: RunContext) =>
      execute({
        ...context,
        emit: context.emit.bind(context),
        saveCheckpoint: context.saveCheckpoint.bind(context),
        runChild: context.runChild.bind(context),
      });
    await engine.tasks.define(taskOf(async (context) => ((await bound(context)) as ReturnType<typeof done>) ?? done()));
    await engine.tasks.define(quick('innocent'));
    const launched = await Promise.all(['task', 'innocent', 'task', 'innocent'].map((id) => engine.launch(id)));
    const outcomes = await Promise.all(launched.map(({ id }) => engine.runs.outcome(id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['failed', 'done', 'failed', 'done']);
    expect(outcomes[0]?.error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('as JSON') });
  });

  it.each([
    ['an event', async (context: RunContext) => context.emit({ type: 'notice', level: 'info', message: TOO_LARGE })],
    ['an outcome', async () => ({ ...done(), text: TOO_LARGE })],
  ])('fails its own run once, also where it could be executed again: %s that is too large', async (_what, tell) => {
    const { engine } = await openEngine();
    let executions = 0;
    const execute = async (context: RunContext) => {
      executions++;
      return (await tell(context)) ?? done();
    };
    await engine.tasks.define(taskOf(execute, { canRecover: true }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'invalid-input' } });
    expect(executions).toBe(1);
  });

  it.each([1n, circular, Symbol('lost'), () => 'lost'])('is refused at the launch already: %s', async (params) => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(quick('task'));
    const refused = await failureOf(engine.launch('task', { params }));
    expect(refused).toMatchObject({ code: 'invalid-input', details: { field: 'params' } });
    expect(refused.message).toMatch(/^params: .* as JSON/);
    expect(await store.runs.list()).toEqual([]);
  });
});

it('an event of another run that a task tells has its own number and time here', async () => {
  const { engine } = await openEngine();
  const foreign = {
    seq: 900,
    at: '1999-01-01T00:00:00.000Z',
    type: 'notice',
    level: 'info',
    message: 'heard',
  } as const;
  await engine.tasks.define(
    taskOf(async (context) => {
      context.emit(foreign);
      return done();
    }),
  );
  const { id } = await engine.launch('task');
  const events: RunEvent[] = [];
  for await (const event of engine.runs.events(id)) events.push(event);
  expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  expect(events[2]).toMatchObject({ message: 'heard', at: expect.not.stringContaining('1999') });
});
