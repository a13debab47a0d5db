import type { OptioApi } from '../contract/api.ts';

/** Whether anything goes on, is to come, or is watched. */
export async function isNeeded(api: Pick<OptioApi, 'stats' | 'schedules'>): Promise<boolean> {
  const { runs, readers, watchers } = await api.stats();
  const unended = runs.scheduled + runs.starting + runs.running + runs.paused + runs.cancelling;
  if (unended + readers + watchers > 0) return true;
  return (await api.schedules()).some(({ isPaused }) => !isPaused);
}
