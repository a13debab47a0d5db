import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEvent } from '../../src/contract/event.ts';
import { leftOf, orderTo } from '../../src/engine/cancellation.ts';
import type { Task } from '../../src/task/task.ts';
import { TestClock } from '../support/clock.ts';
import { done, type OpenEngine, openEngine, taskOf } from '../support/engine.ts';
import { patient, quick } from '../support/tasks.ts';

const HOUR = 3_600_000;
const NOON = '2026-11-24T12:00:00.000Z';
const at = (ms: number) => new Date(Date.parse(NOON) + ms).toISOString();
const JUMPS = [
  ['forward', HOUR],
  ['back', -HOUR],
] as const;

/** Fails once, and waits ten seconds after that. */
const twice = (): Task =>
  taskOf(
    async ({ attempt }) => {
      if (attempt === 1) throw new Error('the first attempt');
      return done(`attempt ${attempt}`);
    },
    { retry: { attempts: 2, backoffMs: 10_000 } },
  );

/** Resolves when the run is in this state, from the journal. */
async function become({ engine }: OpenEngine, runId: string, state: string, times = 1): Promise<void> {
  let left = times;
  const is = (event: RunEvent) => event.type === 'run.state' && event.state === state;
  for await (const event of engine.runs.events(runId)) if (is(event) && --left === 0) return;
}

/** Whatever is due by now has begun: this one was launched last, and comes last. */
async function settled({ engine }: OpenEngine): Promise<void> {
  await engine.tasks.define(quick('last'));
  const { id } = await engine.launch('last', { priority: -1 });
  await engine.runs.outcome(id);
}

async function stateOf({ engine }: OpenEngine, runId: string): Promise<string | undefined> {
  return (await engine.runs.find(runId))?.state;
}

describe.each(JUMPS)('a clock that jumps an hour %s', (_, jump) => {
  it('changes nothing of the pause before another attempt', async () => {
    const clock = new TestClock(NOON);
    const open = await openEngine({ clock });
    await open.engine.tasks.define(twice());
    const { id } = await open.engine.launch('task');
    await expect.poll(() => clock.waiting).toBe(1);
    clock.set(at(jump));
    clock.pass(9_999);
    await settled(open);
    expect(await stateOf(open, id)).toBe('scheduled');
    clock.pass(1);
    expect(await open.engine.runs.outcome(id)).toMatchObject({ text: 'attempt 2' });
  });

  it('while no process runs never makes that pause longer than it was', async () => {
    const first = await openEngine({ clock: new TestClock(NOON) });
    await first.engine.tasks.define(twice());
    const { id } = await first.engine.launch('task');
    await become(first, id, 'scheduled');
    await first.die();
    const clock = new TestClock(at(jump));
    const open = await openEngine({ clock, directory: first.directory });
    await open.engine.tasks.define(twice());
    await settled(open);
    if (jump < 0) {
      clock.pass(9_999);
      await settled(open);
      expect(await stateOf(open, id)).toBe('scheduled');
      clock.pass(1);
    }
    expect(await open.engine.runs.outcome(id)).toMatchObject({ text: 'attempt 2' });
  });

  it('lets a delayed launch begin when it is its time by the clock, no earlier and no later', async () => {
    const clock = new TestClock(NOON);
    const open = await openEngine({ clock });
    await open.engine.tasks.define(quick('task'));
    const { id } = await open.engine.launch('task', { notBefore: new Date(at(HOUR)) });
    clock.set(at(jump));
    if (jump < 0) {
      clock.pass(2 * HOUR - 1);
      await settled(open);
      expect(await stateOf(open, id)).toBe('scheduled');
      clock.pass(1);
    }
    expect(await open.engine.runs.outcome(id)).toMatchObject({ status: 'done' });
  });

  it('lets nobody go before whoever waited already', async () => {
    const clock = new TestClock(NOON);
    const open = await openEngine({ clock, limits: { total: 1 } });
    const holds = patient('holds');
    await open.engine.tasks.define(holds);
    const began: string[] = [];
    await open.engine.tasks.define(taskOf(async ({ runId }) => done(String(began.push(runId)))));
    const held = await open.engine.launch('holds');
    const first = await open.engine.launch('task');
    clock.set(at(jump));
    const second = await open.engine.launch('task');
    await open.engine.controls.cancel(held.id, 'enough');
    await Promise.all([open.engine.runs.outcome(first.id), open.engine.runs.outcome(second.id)]);
    expect(began).toEqual([first.id, second.id]);
  });

  it('lets a run expire when it is that time by the clock, no earlier and no later', async () => {
    const clock = new TestClock(NOON);
    const open = await openEngine({ clock });
    await open.engine.tasks.define({ ...quick('task'), ttlMs: HOUR });
    const { id } = await open.engine.launch('task');
    await open.engine.runs.outcome(id);
    await expect.poll(() => clock.waiting).toBe(1);
    clock.set(at(jump));
    if (jump < 0) {
      await expect.poll(() => clock.waiting).toBe(1);
      clock.pass(2 * HOUR - 1);
      await settled(open);
      expect(await stateOf(open, id)).toBe('done');
      clock.pass(1);
    }
    await expect.poll(() => stateOf(open, id)).toBeUndefined();
  });

  it('changes nothing of the time that a run has to stop', () => {
    onTestFinished(() => {
      vi.useRealTimers();
    });
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const order = orderTo({ ...quick('task'), graceMs: 10_000 }, 'enough', 'outside');
    const found = structuredClone(order); // as another process finds it
    expect(leftOf(found)).toBe(10_000);
    vi.setSystemTime(Date.now() + jump);
    vi.advanceTimersByTime(4_000);
    expect([leftOf(order), leftOf(found)]).toEqual([6_000, 6_000]);
  });
});
