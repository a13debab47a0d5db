import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Budget } from '../../src/contract/budget.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { patient } from '../support/tasks.ts';
import { stateOf, tokens, turning, untilState, viewOf } from '../support/turning.ts';

const HOUR = 3_600_000;

/** From now on the test sets the clock that the journal goes by. */
function holdClock(): void {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
}
const setAhead = () => vi.setSystemTime(Date.now() + HOUR);

describe('a run with a budget', () => {
  it.each<
    readonly [what: string, budget: Budget, more: Budget, use: (run: ReturnType<typeof turning>) => Promise<void>]
  >([
    ['of tokens', { tokens: 100 }, { tokens: 200 }, async ({ began }) => (await began).emit(tokens(100))],
    ['of turns', { turns: 1 }, { turns: 2 }, async ({ turn }) => turn('a').then(() => void turn('b'))],
  ])('%s is paused when that is used up, and goes on when it gets more', async (_what, budget, more, use) => {
    const { engine } = await openEngine();
    const run = turning({ budget });
    await engine.tasks.define(run.task);
    const { id } = await engine.launch('task');
    await use(run);
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({ budget, pause: { reason: 'budget' } });
    await expect(engine.controls.resume(id)).rejects.toMatchObject({ code: 'budget-reached' });
    await engine.controls.raiseBudget(id, more);
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', budget: { ...budget, ...more } });
    expect(await engine.runs.find(id)).toMatchObject({ budget: { ...budget, ...more } });
    run.end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
  });

  it('keeps what its task says of what its launch says nothing of', async () => {
    const { engine } = await openEngine();
    const run = turning({ budget: { turns: 2, tokens: 100, onReached: 'fail' } });
    await engine.tasks.define(run.task);
    const { id } = await engine.launch('task', { budget: { tokens: 1_000 } });
    expect(await engine.runs.find(id)).toMatchObject({ budget: { turns: 2, tokens: 1_000, onReached: 'fail' } });
    run.end();
  });

  it('is not paused when it gets more at the moment at which that is used up', async () => {
    const { engine } = await openEngine();
    const { task, began, turn, turns, end } = turning({ budget: { tokens: 100 } });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    const raised = engine.controls.raiseBudget(id, { tokens: 1_000 });
    context.emit(tokens(150)); // while that is being written down
    await raised;
    await turn('a');
    expect(turns).toEqual(['a']);
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', pause: null, budget: { tokens: 1_000 } });
    end();
    await engine.runs.outcome(id);
  });

  it('that gets more before it is under way says so, and begins with that', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ budget: { turns: 1 }, tellsBegin: true });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    await engine.controls.raiseBudget(id, { turns: 5 });
    await context.begin();
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', budget: { turns: 5 } });
    end();
    await engine.runs.outcome(id);
  });

  it('stays paused when what it gets is not enough', async () => {
    const { engine } = await openEngine();
    const { task, began } = turning({ budget: { tokens: 100 } });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    (await began).emit(tokens(500));
    await untilState(engine, id, 'paused');
    await engine.controls.raiseBudget(id, { tokens: 300 });
    expect(await stateOf(engine, id)).toBe('paused');
  });

  it('that fails by it stops what it has begun, and is not kept from its end by that', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine } = await openEngine({ clock });
    const child = patient('child');
    const execute = async (context: RunContext) => {
      await context.runChild(child);
      return done();
    };
    await engine.tasks.define(taskOf(execute, { budget: { wallMs: HOUR, onReached: 'fail' }, graceMs: 600_000 }));
    const { id } = await engine.launch('task');
    const { runId } = await child.began;
    clock.pass(HOUR);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'failed', error: { code: 'budget-reached' } });
    const told = await engine.runs.find(runId);
    expect(told).toMatchObject({ state: 'cancelled', cancel: { from: 'parent', graceMs: 600_000 } });
  });

  it('has failed with it where its task says so', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ budget: { tokens: 100, onReached: 'fail' }, retry: { attempts: 3 } });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    context.signal.addEventListener('abort', () => end());
    context.emit(tokens(100));
    expect(await engine.runs.outcome(id)).toMatchObject({
      status: 'failed',
      error: { code: 'budget-reached', message: expect.stringContaining('its budget of 100 tokens is used up') },
    });
  });

  it('of a launch takes the place of that of the task', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ budget: { tokens: 100 } });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task', { budget: { tokens: 500 } });
    (await began).emit(tokens(400));
    await (await began).written();
    expect(await stateOf(engine, id)).toBe('running');
    const raised = await failureOf(engine.controls.raiseBudget(id, { tokens: 0 }));
    expect(raised).toMatchObject({ code: 'invalid-input', details: { field: 'budget.tokens' } });
    end();
    await engine.runs.outcome(id);
  });

  it('has used what it used before a death, and what it was raised to', async () => {
    const first = await openEngine();
    const before = turning({ budget: { turns: 1 } });
    await first.engine.tasks.define(before.task);
    const { id } = await first.engine.launch('task');
    await before.turn('a');
    await first.engine.controls.raiseBudget(id, { turns: 2 });
    await before.turn('b');
    await (await before.began).written();
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, turn } = turning({ budget: { turns: 1 } });
    await engine.tasks.define(task);
    void turn('c');
    await untilState(engine, id, 'paused');
    expect((await viewOf(engine, id)).pause?.message).toBe('its budget of 2 turns is used up');
  });
});

describe('a budget of time', () => {
  it('has lost nothing to a clock that was set ahead, when a run is tried again', async () => {
    holdClock();
    const { engine } = await openEngine();
    const execute = async (context: RunContext) => {
      if (context.attempt === 1) {
        setAhead();
        throw new Error('it went wrong');
      }
      await context.admitTurn();
      return done('a turn');
    };
    const budget = { wallMs: HOUR / 2, onReached: 'fail' } as const;
    await engine.tasks.define(taskOf(execute, { budget, retry: { attempts: 2, backoffMs: 0 } }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'a turn' });
  });

  it('has lost what was measured, and nothing to a clock that was set ahead, after a pause and a death', async () => {
    holdClock();
    const before = new TestClock(new Date().toISOString());
    const first = await openEngine({ clock: before });
    const run = turning({ budget: { wallMs: 15_000 } });
    await first.engine.tasks.define(run.task);
    const { id } = await first.engine.launch('task');
    await untilState(first.engine, id, 'running');
    before.pass(10_000);
    setAhead();
    await first.engine.controls.pause(id);
    before.pass(HOUR);
    await first.die();

    const clock = new TestClock(new Date().toISOString());
    const { engine } = await openEngine({ directory: first.directory, clock });
    const { task } = turning();
    await engine.tasks.define(task);
    await untilState(engine, id, 'paused');
    await until(() =>
      engine.controls.resume(id).then(
        () => true,
        () => false,
      ),
    ); // once somebody works on it
    clock.pass(4_999);
    setAhead();
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', activeMs: 10_000 });
    clock.pass(1);
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({
      pause: { message: 'its budget of 15 s is used up' },
      activeMs: 15_000,
    });
  });
});
