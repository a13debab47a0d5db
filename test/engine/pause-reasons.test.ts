import { describe, expect, it, vi } from 'vitest';
import { openEngine } from '../support/engine.ts';
import { until } from '../support/processes.ts';
import { tokens, turning, untilState, viewOf } from '../support/turning.ts';

/** A run that its budget of tokens has paused, and then somebody, too. */
async function pausedTwice() {
  const opened = await openEngine();
  const run = turning({ budget: { tokens: 100 } });
  await opened.engine.tasks.define(run.task);
  const { id } = await opened.engine.launch('task');
  (await run.began).emit(tokens(100));
  await untilState(opened.engine, id, 'paused');
  expect(await viewOf(opened.engine, id)).toMatchObject({ pause: { reason: 'budget' } });
  await opened.engine.controls.pause(id, 'lunch');
  expect(await viewOf(opened.engine, id)).toMatchObject({ pause: { reason: 'wish', message: 'lunch' } });
  return { ...opened, ...run, id };
}

describe('a run that is paused for two reasons', () => {
  it('is paused still by the wish when it gets more, and begins no turn', async () => {
    const { engine, id, turn, turns, end } = await pausedTwice();
    const waiting = turn('a');
    await engine.controls.raiseBudget(id, { tokens: 200 });
    expect(await viewOf(engine, id)).toMatchObject({ state: 'paused', pause: { reason: 'wish', message: 'lunch' } });
    expect(turns).toEqual([]);
    await engine.controls.resume(id);
    await waiting;
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', pause: null });
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'a' });
  });

  it('is paused still by its budget when somebody resumes it, who is told so', async () => {
    const { engine, id, turn, turns, end } = await pausedTwice();
    const waiting = turn('a');
    await expect(engine.controls.resume(id)).rejects.toMatchObject({ code: 'budget-reached' });
    expect(await viewOf(engine, id)).toMatchObject({ state: 'paused', pause: { reason: 'budget' } });
    expect(turns).toEqual([]);
    await engine.controls.raiseBudget(id, { tokens: 200 }); // nothing else keeps it any more
    await waiting;
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', pause: null });
    end();
    await engine.runs.outcome(id);
  });

  it('finds the second again after a death, when the first is lifted', async () => {
    const { die, directory, id } = await pausedTwice();
    await die();
    const { engine } = await openEngine({ directory });
    const { task, turn, turns, end } = turning();
    await engine.tasks.define(task);
    const waiting = turn('a');
    await untilState(engine, id, 'paused');
    expect(await viewOf(engine, id)).toMatchObject({ pause: { reason: 'wish', message: 'lunch' } });
    await engine.controls.resume(id);
    await until(async () => (await viewOf(engine, id)).pause?.reason === 'budget', 'the pause by the budget');
    expect(turns).toEqual([]);
    await engine.controls.raiseBudget(id, { tokens: 200 });
    await waiting;
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'a' });
  });
});

describe('a run that is taken up paused', () => {
  it('hears whoever resumes it, or gives it more, before its journal is read', async () => {
    const { die, directory, id } = await pausedTwice();
    await die();
    const { engine, store } = await openEngine({ directory });
    const [reading, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const read = store.journal.readPiece.bind(store.journal);
    vi.spyOn(store.journal, 'readPiece').mockImplementationOnce(async (...part) => {
      reading.resolve();
      await go.promise;
      return read(...part);
    });
    const { task, turn, end } = turning();
    await engine.tasks.define(task);
    await reading.promise;
    const heard = Promise.all([engine.controls.raiseBudget(id, { tokens: 200 }), engine.controls.resume(id)]);
    go.resolve();
    await heard;
    expect(await viewOf(engine, id)).toMatchObject({ state: 'running', budget: { tokens: 200 } });
    await turn('a');
    end();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'a' });
  });
});
