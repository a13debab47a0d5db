import { RUN_STATES, type RunState } from '../contract/outcome.ts';
import type { Stats } from '../contract/stats.ts';
import type { Store } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Counters } from './counters.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { RunReader } from './run-reader.ts';

export interface StatsOptions {
  readonly store: Pick<Store, 'runs' | 'requests'>;
  readonly dispatcher: Pick<Dispatcher, 'live' | 'runs'>;
  readonly counters: Counters;
  readonly feed: { readonly size: number };
  readonly clock: Pick<Clock, 'now'>;
  readonly reader: Pick<RunReader, 'problemOf'>;
}

/** What has been going on, in numbers: those of the store, and those that were counted here. */
export async function statsOf({ store, dispatcher, counters, feed, clock, reader }: StatsOptions): Promise<Stats> {
  const [counts, backlog] = await Promise.all([store.runs.count(), store.requests.backlog()]);
  const { launched, takenUp, turns, events, answered, readers, usage } = counters;
  const { input, cached, output, reasoning } = usage;
  const waitedMs = backlog.oldestAt === null ? 0 : clock.now() - Date.parse(backlog.oldestAt);
  const runs = RUN_STATES.map((state) => [state, counts[state] ?? 0] as const);
  return {
    runs: Object.fromEntries(runs) as Record<RunState, number>,
    liveRuns: dispatcher.live.length,
    ...{ launched, takenUp, turns, events, answered, readers },
    tokens: { input, cached, output, reasoning },
    openRequests: backlog.count,
    oldestRequestMs: Math.max(0, waitedMs), // the clock may have been set back
    watchers: feed.size,
    problems: [...dispatcher.runs.values()].filter(({ record }) => reader.problemOf(record) !== null).length,
    blocked: dispatcher.live.filter(({ journal }) => journal.blocked !== undefined).length,
  };
}
