import { describe, expect, it } from 'vitest';
import { toOutcome } from '../../src/task/result.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { makeRun } from '../support/memory-run.ts';

describe('toOutcome', () => {
  it('is done with nothing, unless a task says otherwise', () => {
    const nothing = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
    expect(toOutcome(undefined)).toEqual({ status: 'done', text: '', durationMs: 0, usage: nothing, turns: 0 });
    expect(toOutcome({ status: 'failed', text: 'no' })).toMatchObject({ status: 'failed', text: 'no', turns: 0 });
    expect(toOutcome({ output: { answer: 42 } })).toMatchObject({ status: 'done', output: { answer: 42 } });
  });

  it('refuses what is no outcome', () => {
    const wrong = () => toOutcome({ status: 'fine' } as never);
    expect(wrong).toThrow(
      expect.objectContaining({ code: 'invalid-input', message: expect.stringContaining('status') }),
    );
    expect(() => toOutcome({ text: 5 } as never)).toThrow('text');
  });
});

describe('a task', () => {
  it.each([undefined, { output: 'what it found' }])('may return %j', async (result) => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => result));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', ...result });
    expect(await makeRun().execute(taskOf(async () => result))).toMatchObject({ status: 'done', ...result });
  });

  it('that returns what is no outcome has failed', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(taskOf(async () => ({ status: 'fine' }) as never));
    const { id } = await engine.launch('task');
    const error = { code: 'invalid-input', message: expect.stringContaining('not a valid outcome') };
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error });
    expect(await makeRun().execute(taskOf(async () => 5 as never))).toMatchObject({ status: 'failed', error });
  });
});
