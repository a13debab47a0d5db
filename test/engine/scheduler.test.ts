import { describe, expect, it } from 'vitest';
import type { Task } from '../../src/task/task.ts';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';
import { failureOf } from '../support/failure.ts';
import { at, DAILY, fired, MONDAY } from '../support/schedules.ts';
import { quick } from '../support/tasks.ts';

describe('a schedule', () => {
  it('launches a run when it is due, and tells it the time and what the task says', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    const task = taskOf(async ({ scheduledFor, params }) => done(`${scheduledFor} ${JSON.stringify(params)}`), {
      schedule: DAILY,
      params: { n: 1 },
      metadata: { team: 'red' },
    });
    await engine.tasks.define(task);
    expect(await engine.tasks.schedules()).toEqual([
      {
        taskId: 'task',
        schedule: { ...DAILY, misfire: 'once', overlap: 'skip' },
        isPaused: false,
        problem: null,
        nextFireAt: '2026-11-24T06:00:00.000Z',
        next: [24, 25, 26, 27, 28].map((day) => `2026-11-${day}T06:00:00.000Z`),
        lastFiredAt: null,
        lastSkippedAt: null,
      },
    ]);
    await at(clock, engine, '2026-11-24T05:59:59.999Z');
    expect(await fired(store)).toEqual([]);
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    const [run] = await engine.runs.list();
    expect(run).toMatchObject({ metadata: { team: 'red' }, scheduledFor: '2026-11-24T06:00:00.000Z' });
    expect(await engine.runs.outcome(run?.id ?? '')).toMatchObject({ text: '2026-11-24T06:00:00.000Z {"n":1}' });
    expect(await engine.tasks.schedules()).toMatchObject([
      { nextFireAt: '2026-11-25T06:00:00.000Z', lastFiredAt: '2026-11-24T06:00:00.000Z' },
    ]);
    await at(clock, engine, '2026-11-25T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00', '2026-11-25T06:00']);
  });

  it('that is none is refused with its field, and its task is not known', async () => {
    const { engine, store } = await openEngine({ clock: new TestClock(MONDAY) });
    const error = await failureOf(engine.tasks.define({ ...quick('task'), schedule: '0 25 * * *' }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'schedule.cron' } });
    expect(await store.tasks.list()).toEqual([]);
    expect(await failureOf(engine.launch('task'))).toMatchObject({ reason: 'not-found' });
  });

  it('waits for the nearest of all with one timer', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('a'), schedule: { ...DAILY, cron: '0 8 * * *' } });
    await engine.tasks.define({ ...quick('b'), schedule: DAILY });
    await engine.tasks.schedules();
    expect(clock.waiting).toBe(1);
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
    await at(clock, engine, '2026-11-24T08:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00', '2026-11-24T08:00']);
    await engine.close();
    expect(clock.waiting).toBe(0);
  });

  it('leaves out a time at which launches are blocked', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    const block = await engine.groups.block({}, { reason: 'holidays' });
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    await block.release();
    expect(await engine.tasks.schedules()).toMatchObject([
      { lastSkippedAt: '2026-11-24T06:00:00.000Z', lastFiredAt: null },
    ]);
    await at(clock, engine, '2026-11-25T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-25T06:00']);
  });
});

describe('a clock that jumps', () => {
  it('an hour forward, over a time: its run is launched once', async () => {
    const clock = new TestClock('2026-11-24T05:30:00.000Z');
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await at(clock, engine, '2026-11-24T06:30:00.000Z');
    await at(clock, engine, '2026-11-24T06:31:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
  });

  it('an hour back, over a time: its run is not launched again', async () => {
    const clock = new TestClock('2026-11-24T05:30:00.000Z');
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    await at(clock, engine, '2026-11-24T05:00:00.000Z');
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
    expect(await engine.tasks.schedules()).toMatchObject([{ nextFireAt: '2026-11-25T06:00:00.000Z' }]);
  });

  it('back from years ahead: the schedule goes on from then', async () => {
    const clock = new TestClock('2040-01-01T00:00:00.000Z');
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await engine.tasks.schedules();
    await at(clock, engine, MONDAY);
    expect(await engine.tasks.schedules()).toMatchObject([{ nextFireAt: '2026-11-24T06:00:00.000Z' }]);
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
  });
});

describe('a time in which no process ran', () => {
  it('does not bring back a time that was dealt with just before', async () => {
    const clock = new TestClock(MONDAY);
    const first = await openEngine({ clock, limits: { total: 0 } });
    await first.engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await at(clock, first.engine, '2026-11-24T06:00:00.000Z');
    await first.die();
    clock.set('2026-11-24T06:00:01.000Z');
    const { engine, store } = await openEngine({ clock, directory: first.directory });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    await engine.tasks.schedules();
    const [run] = await engine.runs.list();
    expect(await engine.runs.outcome(run?.id ?? '')).toMatchObject({ status: 'done' });
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
  });

  async function away(task: Partial<Task>): Promise<(string | undefined)[]> {
    const first = await openEngine({ clock: new TestClock(MONDAY) });
    await first.engine.tasks.define({ ...quick('task'), ...task });
    await first.die();
    const { engine, store } = await openEngine({
      clock: new TestClock('2026-11-26T12:00:00.000Z'),
      directory: first.directory,
    });
    expect(await engine.tasks.schedules()).toMatchObject([{ problem: 'nobody has defined the task in this process' }]);
    expect(await fired(store)).toEqual([]);
    await engine.tasks.define({ ...quick('task'), ...task });
    await engine.tasks.schedules();
    return fired(store);
  }

  it('is made up for as the misfire rule says, once the task is defined', async () => {
    const all = ['2026-11-24T06:00', '2026-11-25T06:00', '2026-11-26T06:00'];
    expect(await away({ schedule: { ...DAILY, misfire: 'skip' } })).toEqual([]);
    expect(await away({ schedule: { ...DAILY, misfire: 'once' } })).toEqual(['2026-11-26T06:00']);
    expect(await away({ schedule: { ...DAILY, misfire: 'all' } })).toEqual(all);
  });

  it('is made up for without a definition where the task is plain data', async () => {
    const task = { ...quick('task'), schedule: DAILY, definition: { say: 'hello' } };
    const first = await openEngine({ clock: new TestClock(MONDAY) });
    await first.engine.tasks.define(task);
    await first.die();
    const revive = (definition: unknown) => quick('task', (definition as { say: string }).say);
    const clock = new TestClock('2026-11-24T12:00:00.000Z');
    const { engine, store } = await openEngine({ clock, directory: first.directory, revive });
    await engine.tasks.schedules();
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
    const [run] = await engine.runs.list();
    expect(await engine.runs.outcome(run?.id ?? '')).toMatchObject({ status: 'done', text: 'hello' });
  });

  it('leaves a task alone that cannot be made again of its data, and says why', async () => {
    const first = await openEngine({ clock: new TestClock(MONDAY) });
    await first.engine.tasks.define({ ...quick('task'), schedule: DAILY, definition: { say: 'hello' } });
    await first.die();
    const revive = () => {
      throw new Error('no such directory');
    };
    const { engine, store } = await openEngine({
      clock: new TestClock('2026-11-24T12:00:00.000Z'),
      directory: first.directory,
      revive,
    });
    const [status] = await engine.tasks.schedules();
    expect(status?.problem).toContain('no such directory');
    expect(await fired(store)).toEqual([]);
  });
});

describe('a store that takes nothing', () => {
  it('loses no time: it is launched when it takes things again', async () => {
    const clock = new TestClock(MONDAY);
    const { engine, store } = await openEngine({ clock });
    await engine.tasks.define({ ...quick('task'), schedule: DAILY });
    const { add } = store.runs;
    store.runs.add = () => Promise.reject(new Error('full'));
    await at(clock, engine, '2026-11-24T06:00:00.000Z');
    expect(await engine.tasks.schedules()).toMatchObject([{ lastFiredAt: null, lastSkippedAt: null }]);
    store.runs.add = add;
    await at(clock, engine, '2026-11-24T06:00:05.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
  });
});
