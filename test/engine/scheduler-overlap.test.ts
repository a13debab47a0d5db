import { describe, expect, it } from 'vitest';
import { TestClock } from '../support/clock.ts';
import { done, openEngine, taskOf, told } from '../support/engine.ts';
import { at, DAILY, fired, MONDAY } from '../support/schedules.ts';
import { quick } from '../support/tasks.ts';

describe('a time at which the run before has not ended', () => {
  async function two(overlap: 'skip' | 'queue' | 'cancelPrevious') {
    const clock = new TestClock(MONDAY);
    const opened = await openEngine({ clock });
    const running: string[] = [];
    const began = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const end = Promise.withResolvers<void>();
    const task = taskOf(
      async ({ scheduledFor, signal }) => {
        running.push(scheduledFor?.slice(0, 10) ?? 'by hand');
        began[running.filter((what) => what !== 'ended').length - 1]?.resolve();
        await Promise.race([end.promise, told(signal)]);
        running.push('ended');
        return { ...done(), status: signal.aborted ? 'cancelled' : 'done' };
      },
      { schedule: { ...DAILY, overlap } },
    );
    await opened.engine.tasks.define(task);
    await at(clock, opened.engine, '2026-11-24T06:00:00.000Z');
    await began[0]?.promise;
    await at(clock, opened.engine, '2026-11-25T06:00:00.000Z');
    return { ...opened, clock, running, end, began };
  }

  it('is left out (skip)', async () => {
    const { engine, store, clock, end } = await two('skip');
    expect(await fired(store)).toEqual(['2026-11-24T06:00']);
    expect(await engine.tasks.schedules()).toMatchObject([{ lastSkippedAt: '2026-11-25T06:00:00.000Z' }]);
    end.resolve();
    const [run] = await engine.runs.list();
    await engine.runs.outcome(run?.id ?? '');
    await at(clock, engine, '2026-11-26T06:00:00.000Z');
    expect(await fired(store)).toEqual(['2026-11-24T06:00', '2026-11-26T06:00']);
  });

  it('waits for it (queue), and not for a run that somebody launched', async () => {
    const { engine, running, end, began } = await two('queue');
    const [first, second] = await engine.runs.list();
    expect([first?.state, second?.state]).toEqual(['running', 'scheduled']);
    await engine.launch('task');
    await began[1]?.promise;
    expect(running).toEqual(['2026-11-24', 'by hand']);
    end.resolve();
    await engine.runs.outcome(second?.id ?? '');
    expect(running.slice(-2)).toEqual(['2026-11-25', 'ended']);
  });

  it('cancels it, and begins when that has ended (cancelPrevious)', async () => {
    const { engine, running, end, began } = await two('cancelPrevious');
    const [first, second] = await engine.runs.list();
    expect(await engine.runs.outcome(first?.id ?? '')).toMatchObject({ status: 'cancelled' });
    await began[1]?.promise;
    expect(running).toEqual(['2026-11-24', 'ended', '2026-11-25']);
    end.resolve();
    expect(await engine.runs.outcome(second?.id ?? '')).toMatchObject({ status: 'done' });
  });

  it('cancels it also when the process died just before that', async () => {
    const clock = new TestClock(MONDAY);
    const first = await openEngine({ clock });
    const schedule = { ...DAILY, overlap: 'cancelPrevious' as const };
    await first.engine.tasks.define({ ...quick('task'), schedule });
    await first.store.runs.add({ id: 'old', taskId: 'task' }, fire(MONDAY, '2026-11-24T06:00:00.000Z'));
    await first.store.runs.add(
      { id: 'new', taskId: 'task' },
      fire('2026-11-24T06:00:00.000Z', '2026-11-25T06:00:00.000Z'),
    );
    await first.die();
    clock.set('2026-11-25T06:00:01.000Z');
    const { engine } = await openEngine({ clock, directory: first.directory, limits: { total: 0 } });
    await engine.tasks.define({ ...quick('task'), schedule });
    expect(await engine.runs.outcome('old')).toMatchObject({ status: 'cancelled' });
    expect(await engine.runs.find('new')).toMatchObject({ state: 'scheduled' });
  });

  const fire = (after: string, scheduledFor: string) => ({ taskId: 'task', after, scheduledFor });
});
