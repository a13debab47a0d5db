import { expect, test } from 'vitest';
import { SHOWN_STATES, STATE_WORDS, shownState } from '../../../web/src/design/shown-state.ts';
import { matches, NO_FILTER, readFilter } from '../../../web/src/runs/filter.ts';
import { choicesOf } from '../../../web/src/runs/filter-choices.ts';
import { digestOf, summaryOf } from '../../support/run-summary.ts';

const works = summaryOf({ id: 'works' });
const idle = summaryOf({ id: 'idle', digest: digestOf({ isIdle: true }) });
const asks = summaryOf({ id: 'asks', openRequests: 1 });
const paused = summaryOf({ id: 'paused', state: 'paused', digest: digestOf({ isIdle: true }) });
const RUNS = [works, idle, asks, paused];

test('a run that has nothing to do does not look as if it were at work', () => {
  expect(RUNS.map(shownState)).toEqual(['running', 'idle', 'waiting', 'paused']);
  expect(new Set(SHOWN_STATES)).toEqual(new Set(Object.keys(STATE_WORDS)));
});

test('the filter counts each run as what the list shows it as, and finds just these', () => {
  const found = choicesOf(RUNS).states.map(({ value, count }) => {
    const filter = { ...NO_FILTER, states: readFilter(new URLSearchParams({ state: value })).states };
    expect(RUNS.filter((run) => matches(run, filter))).toHaveLength(count ?? 0);
    return value;
  });
  expect(found).toEqual(['running', 'idle', 'paused']);
});

test('of those that wait for somebody, the filter asks for what they are besides', () => {
  const filter = { ...NO_FILTER, isWaiting: true, states: ['running'] } as const;
  expect(RUNS.filter((run) => matches(run, filter))).toEqual([asks]);
});
