import { describe, expect, it, vi } from 'vitest';
import type { Budget } from '../../src/contract/budget.ts';
import type { RunEvent, RunEventBody } from '../../src/contract/event.ts';
import { applyEvent } from '../../src/contract/reducer.ts';
import { createRunView, type RunView } from '../../src/contract/view.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { OptioError } from '../../src/errors.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';

/** A task that has one turn after the other, until it is told that it is over, and notes when. */
function turning(more: object = {}) {
  const { promise: began, resolve } = Promise.withResolvers<RunContext>();
  const turns: string[] = [];
  const over = Promise.withResolvers<void>();
  const task = taskOf(
    async (context) => {
      resolve(context);
      await over.promise;
      return done(turns.join());
    },
    { canRecover: true, graceMs: 100, ...more },
  );
  const turn = async (id: string) => {
    const context = await began;
    await context.admitTurn();
    turns.push(id);
    for (const type of ['turn.started', 'turn.ended'] as const)
      context.emit({ type, turnId: id, status: 'completed' } as RunEventBody);
  };
  return { task, began, turn, turns, end: over.resolve };
}

const tokens = (total: number): RunEventBody => {
  const usage = { total, input: total, cached: 0, output: 0, reasoning: 0 };
  return { type: 'usage.updated', turnId: 'a', total: usage, last: usage };
};

async function viewOf(engine: Engine, runId: string): Promise<RunView> {
  const view = createRunView();
  for await (const event of engine.past(runId)) applyEvent(view, event);
  return view;
}

const stateOf = async (engine: Engine, runId: string) => (await engine.find(runId))?.state;
const untilState = (engine: Engine, runId: string, state: string) =>
  vi.waitFor(async () => expect(await stateOf(engine, runId)).toBe(state));

describe('a run that somebody pauses', () => {
  it('begins no turn until it is resumed, and says why', async () => {
    const { engine } = await openEngine();
    const { task, began, turn, turns, end } = turning();
    await engine.define(task);
    const { id } = await engine.launch('task');
    await began;
    await turn('a');
    await engine.pause(id, 'lunch');
    expect(await viewOf(engine, id)).toMatchObject({ state: 'paused', pause: { reason: 'wish', message: 'lunch' } });
    const second = turn('b');
    await expect((await began).whenPaused()).resolves.toBeUndefined();
    expect(turns).toEqual(['a']);
    await engine.resume(id);
    await second;
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', pause: null });
    end();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done', text: 'a,b' });
  });

  it('cannot be paused before it is under way, nor twice, and resuming what runs does nothing', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ tellsBegin: true });
    await engine.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    await expect(engine.pause(id)).rejects.toMatchObject({ code: 'state-changed' });
    expect(context.isPaused).toBe(false);
    await context.begin();
    await engine.resume(id);
    await Promise.all([engine.pause(id, 'first'), engine.pause(id, 'second')]);
    expect((await viewOf(engine, id)).pause?.message).toBe('first');
    end();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done' });
    await expect(engine.pause(id)).rejects.toMatchObject({ code: 'conversation-not-ready' });
  });

  it('can be cancelled meanwhile', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning();
    await engine.define(task);
    const { id } = await engine.launch('task');
    (await began).signal.addEventListener('abort', () => end());
    await engine.pause(id);
    await engine.cancel(id, 'enough');
    expect(await engine.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('is paused still after a death, for the same reason', async () => {
    const first = await openEngine();
    const before = turning();
    await first.engine.define(before.task);
    const { id } = await first.engine.launch('task');
    await before.began;
    await first.engine.pause(id, 'lunch');
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, began, turn, turns, end } = turning();
    await engine.define(task);
    expect((await began).isPaused).toBe(true);
    const waiting = turn('b');
    expect(await stateOf(engine, id)).toBe('paused');
    expect(turns).toEqual([]);
    await engine.resume(id);
    await waiting;
    end();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done', text: 'b' });
  });

  it('is tried again without a pause when it fails meanwhile', async () => {
    const { engine } = await openEngine();
    const fails = Promise.withResolvers<never>();
    fails.promise.catch(() => {});
    const began = Promise.withResolvers<void>();
    const execute = async ({ attempt, isPaused }: RunContext) => {
      if (attempt === 2) return done(`paused: ${isPaused}`);
      began.resolve();
      return fails.promise;
    };
    await engine.define(taskOf(execute, { retry: { attempts: 2, backoffMs: 0 } }));
    const { id } = await engine.launch('task');
    await began.promise;
    await engine.pause(id);
    fails.reject(new Error('it went wrong'));
    expect(await engine.outcome(id)).toMatchObject({ status: 'done', text: 'paused: false' });
  });
});

describe('a run with a budget', () => {
  it.each<
    readonly [what: string, budget: Budget, more: Budget, use: (run: ReturnType<typeof turning>) => Promise<void>]
  >([
    ['of tokens', { tokens: 100 }, { tokens: 200 }, async ({ began }) => (await began).emit(tokens(100))],
    ['of turns', { turns: 1 }, { turns: 2 }, async ({ turn }) => turn('a').then(() => void turn('b'))],
  ])('%s is paused when that is used up, and goes on when it gets more', async (_what, budget, more, use) => {
    const { engine } = await openEngine();
    const run = turning({ budget });
    await engine.define(run.task);
    const { id } = await engine.launch('task');
    await use(run);
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({ budget, pause: { reason: 'budget' } });
    await expect(engine.resume(id)).rejects.toMatchObject({ code: 'budget-reached' });
    await engine.raiseBudget(id, more);
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', budget: { ...budget, ...more } });
    expect(await engine.find(id)).toMatchObject({ budget: { ...budget, ...more } });
    run.end();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done' });
  });

  it('stays paused when what it gets is not enough', async () => {
    const { engine } = await openEngine();
    const { task, began } = turning({ budget: { tokens: 100 } });
    await engine.define(task);
    const { id } = await engine.launch('task');
    (await began).emit(tokens(500));
    await untilState(engine, id, 'paused');
    await engine.raiseBudget(id, { tokens: 300 });
    expect(await stateOf(engine, id)).toBe('paused');
  });

  it('has failed with it where its task says so', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ budget: { tokens: 100, onReached: 'fail' }, retry: { attempts: 3 } });
    await engine.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    context.signal.addEventListener('abort', () => end());
    context.emit(tokens(100));
    expect(await engine.outcome(id)).toMatchObject({
      status: 'failed',
      error: { code: 'budget-reached', message: expect.stringContaining('its 100 tokens are used up') },
    });
  });

  it('of a launch takes the place of that of the task', async () => {
    const { engine } = await openEngine();
    const { task, began, end } = turning({ budget: { tokens: 100 } });
    await engine.define(task);
    const { id } = await engine.launch('task', { budget: { tokens: 500 } });
    (await began).emit(tokens(400));
    await (await began).written();
    expect(await stateOf(engine, id)).toBe('running');
    end();
    await engine.outcome(id);
    await expect(engine.launch('task', { budget: { tokens: 0 } })).rejects.toMatchObject({ code: 'invalid-config' });
  });

  it('has used what it used before a death, and what it was raised to', async () => {
    const first = await openEngine();
    const before = turning({ budget: { turns: 1 } });
    await first.engine.define(before.task);
    const { id } = await first.engine.launch('task');
    await before.turn('a');
    await first.engine.raiseBudget(id, { turns: 2 });
    await before.turn('b');
    await (await before.began).written();
    await first.die();

    const { engine } = await openEngine({ directory: first.directory });
    const { task, turn } = turning({ budget: { turns: 1 } });
    await engine.define(task);
    void turn('c');
    await untilState(engine, id, 'paused');
    expect((await viewOf(engine, id)).pause?.message).toBe('its 2 turns are used up');
  });
});

describe('a run while there is no space', () => {
  it('is paused in a state that is written down, and goes on by itself when there is some', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, store } = await openEngine({ clock });
    let hasSpace = false;
    const spend = vi.spyOn(store.reserve, 'spend');
    vi.spyOn(store.reserve, 'restore').mockImplementation(async () => hasSpace);
    const append = store.journal.append.bind(store.journal);
    let refusals = 0;
    vi.spyOn(store.journal, 'append').mockImplementation(async (entry) => {
      if (spend.mock.calls.length === 0 && refusals++ < 100 && entry.events.some(({ type }) => type === 'notice'))
        throw new OptioError('store-full', 'there is no space');
      return append(entry);
    });
    const { task, began, end } = turning();
    await engine.define(task);
    const { id } = await engine.launch('task');
    const context = await began;
    void context.whenPaused().then(() => context.atRest());
    context.emit({ type: 'notice', level: 'info', message: 'one too many' });
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({ pause: { reason: 'storeFull' } });
    await expect(engine.launch('task')).rejects.toMatchObject({ code: 'store-full' });
    hasSpace = true;
    clock.pass(2_000);
    await untilState(engine, id, 'running');
    end();
    expect(await engine.outcome(id)).toMatchObject({ status: 'done' });
    const events: RunEvent[] = [];
    for await (const event of engine.past(id)) events.push(event);
    expect(events.filter(({ type }) => type === 'notice')).toHaveLength(1);
  });
});
