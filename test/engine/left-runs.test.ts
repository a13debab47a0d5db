import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { RunRecord } from '../../src/store/store.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { until } from '../support/processes.ts';

const full = () => Promise.reject(new OptioError('store-full', 'there is no space'));

describe('a run that had to be left', () => {
  it('since it could not be claimed begins once it can', async () => {
    const { engine, store } = await openEngine();
    const claim = vi.spyOn(store.runs, 'claim').mockImplementationOnce(full);
    await engine.tasks.define(taskOf(async () => done('all the same')));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'all the same' });
    expect(claim).toHaveBeenCalledTimes(2);
  });

  it('for a reason that nobody has thought of is left alone for longer and longer, and says why', async () => {
    const clock = new TestClock('2026-03-01T00:00:00.000Z');
    const { engine, store } = await openEngine({ clock });
    const claim = vi.spyOn(store.runs, 'claim').mockImplementation(async () => {
      throw new RangeError('Invalid time value');
    });
    await engine.tasks.define(taskOf(async () => done('all the same')));
    const { id } = await engine.launch('task');
    const problem = async () => engine.runs.problemOf((await engine.runs.find(id)) as RunRecord);
    for (const [times, pauseMs] of [1_000, 2_000, 4_000].entries()) {
      await until(async () => (await problem()) !== null && clock.waiting > 0, 'that it is left');
      expect(await problem()).toBe('it cannot be worked on: Invalid time value');
      clock.pass(pauseMs - 1);
      await breathe();
      expect(claim).toHaveBeenCalledTimes(times + 1);
      clock.pass(1);
      await until(() => claim.mock.calls.length === times + 2, 'another attempt');
    }
    claim.mockRestore();
    await until(async () => (await problem()) !== null && clock.waiting > 0, 'that it is left');
    clock.pass(60_000);
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    expect(await problem()).toBeNull();
  });

  it('since too much waited for the store is taken up again, and whoever reads it gets all that comes', async () => {
    const { engine, store } = await openEngine();
    const append = store.journal.append.bind(store.journal);
    let isFull = false;
    vi.spyOn(store.journal, 'append').mockImplementation((entry) => (isFull ? full() : append(entry)));
    const execute = vi.fn(async ({ checkpoint, emit, saveCheckpoint, detached }) => {
      if (checkpoint) return done('taken up');
      await saveCheckpoint('begun');
      isFull = true;
      while (!detached.aborted) {
        emit({ type: 'notice', level: 'info', message: 'x'.repeat(1024 * 1024) });
        await breathe();
      }
      isFull = false;
      return done('nobody hears this');
    });
    await engine.tasks.define(
      taskOf(
        (context) =>
          execute({
            checkpoint: context.checkpoint,
            detached: context.detached,
            emit: context.emit.bind(context),
            saveCheckpoint: context.saveCheckpoint.bind(context),
          }),
        { canRecover: true },
      ),
    );
    const { id } = await engine.launch('task');
    const read = async () => {
      let last = '';
      for await (const event of engine.runs.events(id)) last = event.type;
      return last;
    };
    const last = read();
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'taken up' });
    expect(await last).toBe('run.ended');
    expect(await store.runs.find(id)).toMatchObject({ claim: 2 });
  });
});
