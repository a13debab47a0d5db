import { describe, expect, it, vi } from 'vitest';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { at, DAILY, MONDAY } from '../support/schedules.ts';
import { failing, patient, quick } from '../support/tasks.ts';

describe('a task that is changed while runs of it are under way (D1.13)', () => {
  it('keeps the ones that work, that wait, and that wait for another attempt, whatever it is called now', async () => {
    const { engine, store } = await openEngine({ limits: { total: 1 } });
    const go = Promise.withResolvers<void>();
    const began = Promise.withResolvers<void>();
    const execute = async () => {
      began.resolve();
      await go.promise;
      return done('as it was');
    };
    await engine.tasks.define({ ...failing('again'), retry: { attempts: 2, backoffMs: 3_600_000 } });
    const again = await engine.launch('again');
    await vi.waitFor(async () => expect(await store.runs.find(again.id)).toMatchObject({ attempt: 2 }));
    await engine.tasks.define(taskOf(execute, { name: 'Old', metadata: { team: 'red' } }));
    const works = await engine.launch('task');
    await began.promise;
    const waits = await engine.launch('task');

    await engine.tasks.define(taskOf(async () => done('as it is'), { name: 'New', maxRunning: 5, schedule: DAILY }));
    await engine.tasks.define(quick('again', 'another task'));
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('task-busy');
    expect((await failureOf(engine.tasks.remove('again'))).code).toBe('task-busy');
    const runs = await engine.runs.list();
    expect(runs.map(({ id, state }) => [id, state])).toEqual([
      [again.id, 'scheduled'],
      [works.id, 'running'],
      [waits.id, 'scheduled'],
    ]);
    expect(await engine.runs.find(works.id)).toMatchObject({ metadata: { team: 'red' } });
    go.resolve();
    expect(await engine.runs.outcome(works.id)).toMatchObject({ status: 'done', text: 'as it was' });
    expect(await engine.runs.outcome(waits.id)).toMatchObject({ status: 'done', text: 'as it is' });
    await engine.controls.cancel(again.id, 'enough');
    expect(await engine.runs.outcome(again.id)).toMatchObject({ status: 'cancelled' });
  });

  it('keeps those of its old schedule, and the ones that another process has left', async () => {
    const clock = new TestClock(MONDAY);
    const first = await openEngine({ clock, limits: { total: 0 } });
    await first.engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await at(clock, first.engine, '2026-11-24T06:00:00.000Z');
    const byHand = await first.engine.launch('task');
    await first.engine.tasks.define(quick('task', 'by hand only'));
    expect(await first.engine.tasks.schedules()).toEqual([]);
    await first.die();

    const { engine, store } = await openEngine({ clock, directory: first.directory });
    await engine.tasks.define(taskOf(async () => done('in the next process'), { name: 'Another name' }));
    const runs = await store.runs.list();
    expect(runs).toHaveLength(2);
    expect(runs.map(({ id }) => id)).toContain(byHand.id);
    for (const { id } of runs) {
      expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'in the next process' });
    }
  });

  it('is launched as it was defined last, also when its removal was refused just then', async () => {
    const { engine } = await openEngine();
    const task = patient('task');
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    const removed = failureOf(engine.tasks.remove('task'));
    await engine.tasks.define(quick('task', 'as it is'));
    expect((await removed).code).toBe('task-busy');
    const next = await engine.launch('task');
    expect(await engine.runs.outcome(next.id)).toMatchObject({ text: 'as it is' });
    await engine.controls.cancel(id, 'enough');
  });
});

describe('a task that is called like a run (C16)', () => {
  it('is launched by that name, and the run is found and cancelled by it: nothing is taken for the other', async () => {
    const { engine } = await openEngine();
    const task = patient('task');
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    await engine.tasks.define(quick(id, 'of the task'));

    const launched = await engine.launch(id);
    expect(launched).toMatchObject({ taskId: id });
    expect(launched.id).not.toBe(id);
    expect(await engine.runs.outcome(launched.id)).toMatchObject({ text: 'of the task' });
    expect(await engine.runs.find(id)).toMatchObject({ id, taskId: 'task', state: 'running' });
    expect((await engine.runs.list({ taskId: id })).map((run) => run.id)).toEqual([launched.id]);
    expect((await failureOf(engine.launch(launched.id))).code).toBe('launch-refused');
    await engine.tasks.remove(id);
    await engine.controls.cancel(id, 'enough');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled' });
  });

  it('is begun as a child by that name', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('other'));
    const { id } = await engine.launch('other');
    await engine.runs.outcome(id);
    await engine.tasks.define(quick(id, 'of the task'));
    await engine.tasks.define(taskOf((context) => context.runChild(id), { id: 'parent' }));
    const parent = await engine.launch('parent');
    expect(await engine.runs.outcome(parent.id)).toMatchObject({ status: 'done', text: 'of the task' });
  });
});
