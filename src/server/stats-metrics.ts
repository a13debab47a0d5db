import type { Stats } from '../contract/stats.ts';

/** A number of `stats` as Prometheus is told it: by its labels, where there are several. */
export interface StatsMetric {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge';
  readonly label?: string;
  readonly values: (stats: Stats) => Readonly<Record<string, number>>;
}

const one = (value: number) => ({ '': value });

/** What the engine counts. Counters are since this process has begun, as Prometheus expects it. */
export const STATS_METRICS: readonly StatsMetric[] = [
  {
    name: 'optio_codex_runs',
    help: 'Runs there are, by state.',
    type: 'gauge',
    label: 'state',
    values: ({ runs }) => runs,
  },
  {
    name: 'optio_codex_runs_live',
    help: 'Runs that this process works on.',
    type: 'gauge',
    values: ({ liveRuns }) => one(liveRuns),
  },
  {
    name: 'optio_codex_runs_stuck',
    help: 'Runs that cannot get on: the store takes nothing, or nobody knows their task.',
    type: 'gauge',
    values: ({ problems }) => one(problems),
  },
  {
    name: 'optio_codex_runs_blocked',
    help: 'Those of them that cannot since the store takes nothing.',
    type: 'gauge',
    values: ({ blocked }) => one(blocked),
  },
  {
    name: 'optio_codex_runs_launched_total',
    help: 'Runs that were launched.',
    type: 'counter',
    values: ({ launched }) => one(launched),
  },
  {
    name: 'optio_codex_runs_recovered_total',
    help: 'Runs of another process that were taken up.',
    type: 'counter',
    values: ({ takenUp }) => one(takenUp),
  },
  { name: 'optio_codex_turns_total', help: 'Turns.', type: 'counter', values: ({ turns }) => one(turns) },
  {
    name: 'optio_codex_tokens_total',
    help: 'Tokens that were used. Those that are cached are part of the input, and reasoning is part of the output.',
    type: 'counter',
    label: 'kind',
    values: ({ tokens }) => tokens,
  },
  {
    name: 'optio_codex_requests_open',
    help: 'Requests of Codex that wait for an answer.',
    type: 'gauge',
    values: ({ openRequests }) => one(openRequests),
  },
  {
    name: 'optio_codex_requests_oldest_seconds',
    help: 'For how long the oldest of these has waited; 0 when there is none.',
    type: 'gauge',
    values: ({ oldestRequestMs }) => one(oldestRequestMs / 1000),
  },
  {
    name: 'optio_codex_requests_answered_total',
    help: 'Requests of Codex that were answered.',
    type: 'counter',
    values: ({ answered }) => one(answered),
  },
  {
    name: 'optio_codex_journal_events_total',
    help: 'Events that were written into journals.',
    type: 'counter',
    values: ({ events }) => one(events),
  },
  {
    name: 'optio_codex_journal_readers',
    help: 'Readers of journals.',
    type: 'gauge',
    values: ({ readers }) => one(readers),
  },
  {
    name: 'optio_codex_watchers',
    help: 'Readers of what changes in all runs.',
    type: 'gauge',
    values: ({ watchers }) => one(watchers),
  },
];
