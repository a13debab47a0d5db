import { describe, expect, it, vi } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { at, DAILY, fired, MONDAY } from '../support/schedules.ts';
import { patient, quick } from '../support/tasks.ts';

describe('a task', () => {
  it('that is paused is launched by nobody, over a restart too, and not made up for afterwards', async () => {
    const clock = new TestClock(MONDAY);
    const first = await openEngine({ clock });
    await first.engine.tasks.define({ ...quick('task'), schedule: DAILY, definition: {} });
    await first.engine.tasks.pause('task');
    await at(clock, first.engine, '2026-11-24T06:00:00.000Z');
    expect(await failureOf(first.engine.launch('task'))).toMatchObject({ reason: 'not-launchable' });
    await first.die();

    const { engine, store } = await openEngine({ clock, directory: first.directory, revive: () => quick('task') });
    expect(await engine.tasks.schedules()).toMatchObject([{ isPaused: true, nextFireAt: null, next: [] }]);
    expect(await failureOf(engine.launch('task'))).toMatchObject({ reason: 'not-launchable' });
    await at(clock, engine, '2026-11-25T05:00:00.000Z');
    await engine.tasks.resume('task');
    expect(await fired(store)).toEqual([]);
    await at(clock, engine, '2026-11-25T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-25T06:00']);
  });

  it('is refused its removal while runs of it have not ended, and loses none of them (D1.13)', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    const task = patient('task', { schedule: DAILY });
    await engine.tasks.define(task);
    const { id } = await engine.launch('task');
    await task.began;
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('task-busy');
    expect(await engine.runs.find(id)).toMatchObject({ state: 'running' });
    await engine.controls.cancel(id, 'enough');
    await engine.runs.outcome(id);
    await engine.tasks.remove('task');
    expect(await store.tasks.list()).toEqual([]);
    expect(await engine.runs.find(id)).toMatchObject({ state: 'cancelled' });
    expect(await failureOf(engine.launch('task'))).toMatchObject({ reason: 'not-found' });
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await fired(store)).toEqual([undefined]);
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('not-found');
  });

  it('is refused its removal also when a launch of it is on its way', async () => {
    const { engine } = await openEngine({ limits: { total: 0 } });
    await engine.tasks.define(quick('task'));
    const launched = engine.launch('task');
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('task-busy');
    await launched;
    expect((await engine.launch('task')).state).toBe('scheduled');
  });

  it('that stays after all has its run begun that was launched while it was being removed', async () => {
    const { engine } = await openEngine();
    await engine.tasks.define(quick('task'));
    const launched = engine.launch('task');
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('task-busy');
    expect(await engine.runs.outcome((await launched).id)).toMatchObject({ status: 'done' });
  });

  it('stays as it is when it cannot be removed, with its schedule', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    vi.spyOn(store.tasks, 'remove').mockRejectedValueOnce(new OptioError('store-failed', 'disk I/O error'));
    expect((await failureOf(engine.tasks.remove('task'))).code).toBe('store-failed');
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done' });
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await fired(store)).toContain('2026-11-24T06:00');
  });

  it('that is defined anew while the one before cannot be removed is the new one', async () => {
    const { engine, store } = await openEngine();
    await engine.tasks.define(quick('task', 'old'));
    const go = Promise.withResolvers<never>();
    vi.spyOn(store.tasks, 'remove').mockImplementationOnce(() => go.promise);
    const removed = failureOf(engine.tasks.remove('task'));
    await engine.tasks.define(quick('task', 'new'));
    go.reject(new OptioError('store-failed', 'disk I/O error'));
    expect((await removed).code).toBe('store-failed');
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ text: 'new' });
  });

  it('that a run was begun with is what the run goes on with after a death, whatever was defined since', async () => {
    const first = await openEngine();
    const began = Promise.withResolvers<void>();
    const data = (say: string) =>
      taskOf(() => new Promise(() => began.resolve()), { definition: { say }, canRecover: true });
    await first.engine.tasks.define(data('old'));
    const { id } = await first.engine.launch('task');
    await began.promise;
    await first.engine.tasks.define(data('new'));
    await first.die();

    const revive = (definition: unknown) =>
      taskOf(async () => done((definition as { say: string }).say), { canRecover: true, definition });
    const { engine } = await openEngine({ directory: first.directory, revive });
    expect(await engine.runs.outcome(id)).toMatchObject({ text: 'old' });
    const after = await engine.launch('task');
    expect(await engine.runs.outcome(after.id)).toMatchObject({ text: 'new' });
  });
});
