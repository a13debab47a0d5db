import { expect, it } from 'vitest';
import { Age } from '../../src/engine/age.ts';
import type { RunContext } from '../../src/task/context.ts';
import { TestClock } from '../support/clock.ts';
import { openEngine, taskOf } from '../support/engine.ts';
import { stuck } from '../support/tasks.ts';

const START = '2026-11-24T10:00:00.000Z';
const HOUR = 3_600_000;

it('is the time that has passed, whatever the clock says of it', () => {
  const clock = new TestClock(START);
  const age = new Age(null, clock);
  clock.pass(5_000);
  clock.set('2020-01-01T00:00:00.000Z');
  expect(age.ms).toBe(5_000);
  expect(new Age(START, clock).ms, 'the clock was set back meanwhile').toBe(0);
  clock.set('2026-11-24T10:00:07.000Z');
  expect(new Age(START, clock).ms).toBe(7_000);
});

it.each([
  ['that went on', HOUR, HOUR + 2_000],
  ['that was set back', -HOUR, 2_000],
])('makes an outcome tell how long it is since the run has begun first, with a clock %s', async (_, jump, expected) => {
  const clock = new TestClock(START);
  const first = await openEngine({ clock });
  const task = stuck('task', { canRecover: true });
  await first.engine.tasks.define(task);
  const { id } = await first.engine.launch('task');
  await task.began;
  await first.die();

  clock.set(new Date(Date.parse(START) + jump).toISOString());
  const { engine } = await openEngine({ directory: first.directory, clock });
  const execute = async () => {
    clock.pass(2_000);
    return { durationMs: 1 };
  };
  await engine.tasks.define(taskOf(execute, { canRecover: true }));
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', durationMs: expected });
});

it('is 0 for a run that has never begun', async () => {
  const clock = new TestClock(START);
  const { engine } = await openEngine({ clock, limits: { total: 0 } });
  await engine.tasks.define(taskOf(async () => {}));
  const { id } = await engine.launch('task');
  clock.pass(HOUR);
  await engine.controls.cancel(id, 'enough');
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', durationMs: 0 });
});

it('goes by the time that passes from one attempt to the next, too', async () => {
  const clock = new TestClock(START);
  const { engine } = await openEngine({ clock });
  const ages: number[] = [];
  const execute = async ({ attempt, ageMs }: RunContext) => {
    ages.push(ageMs);
    clock.pass(1_000);
    if (attempt > 1) return;
    clock.set('2026-11-24T11:00:00.000Z');
    throw new Error('it went wrong');
  };
  await engine.tasks.define(taskOf(execute, { retry: { attempts: 2, backoffMs: 0 } }));
  const { id } = await engine.launch('task');
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', durationMs: 2_000 });
  expect(ages).toEqual([0, 1_000]);
});

it('goes by the time that passes until the end of a run that is cancelled before it is tried again', async () => {
  const clock = new TestClock(START);
  const { engine } = await openEngine({ clock });
  const execute = async () => {
    clock.pass(1_000);
    throw new Error('it went wrong');
  };
  await engine.tasks.define(taskOf(execute, { retry: { attempts: 2, backoffMs: HOUR } }));
  const { id } = await engine.launch('task');
  await expect.poll(() => clock.waiting).toBe(1); // it rests
  clock.pass(1_000);
  clock.set('2026-11-24T11:00:00.000Z');
  await engine.controls.cancel(id, 'enough');
  expect(await engine.runs.outcome(id)).toMatchObject({ status: 'cancelled', durationMs: 2_000 });
});
