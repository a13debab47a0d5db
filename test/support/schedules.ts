import type { Engine } from '../../src/engine/engine.ts';
import type { Store } from '../../src/store/store.ts';
import type { TestClock } from './clock.ts';

/** When the clocks of these tests begin. */
export const MONDAY = '2026-11-23T12:00:00.000Z';
export const DAILY = { cron: '0 6 * * *', timeZone: 'UTC' };

/** Sets the clock, and waits until all that is due then is dealt with. */
export async function at(clock: TestClock, engine: Engine, now: string): Promise<void> {
  await engine.tasks.schedules();
  clock.set(now);
  await engine.tasks.schedules();
}

/** The times for which runs were launched, in their order. */
export async function fired(store: Store): Promise<(string | undefined)[]> {
  const runs = await store.runs.list();
  return runs.map(({ scheduledFor }) => scheduledFor?.slice(0, 16)).sort();
}
