import { expect, test } from 'vitest';
import {
  type Filter,
  isEmpty,
  matches,
  NO_FILTER,
  readFilter,
  toQuery,
  toSearchQuery,
  withFilter,
} from '../../../web/src/runs/filter.ts';
import { digestOf, summaryOf } from '../../support/run-summary.ts';

const run = summaryOf({
  id: 'run-0a1b',
  taskId: 'nightly',
  name: 'Push the Release',
  state: 'running',
  openRequests: 1,
  metadata: { team: 'core', url: 'a:b' },
  digest: digestOf({ activity: 'running npm test' }),
});
const isFound = (part: Partial<Filter>) => matches(run, { ...NO_FILTER, ...part });

test('each part of a filter has to hold', () => {
  expect(isFound({})).toBe(true);
  expect([isFound({ states: ['done', 'waiting'] }), isFound({ states: ['done'] })]).toEqual([true, false]);
  expect([isFound({ task: 'nightly' }), isFound({ task: 'night' })]).toEqual([true, false]);
  expect([
    isFound({ isWaiting: true }),
    matches({ ...run, openRequests: 0 }, { ...NO_FILTER, isWaiting: true }),
  ]).toEqual([true, false]);
  expect([isFound({ tags: ['team:core', 'url:a:b'] }), isFound({ tags: ['team:core', 'team:web'] })]).toEqual([
    true,
    false,
  ]);
  expect(isFound({ states: ['running'], task: 'other' })).toBe(false);
});

test('each word that one searches for has to occur somewhere, in upper or lower case', () => {
  for (const search of ['release', 'RELEASE push', '0a1b', 'npm', 'core nightly', '  '])
    expect(isFound({ search })).toBe(true);
  for (const search of ['release pull', 'pushthe']) expect(isFound({ search })).toBe(false);
});

test('an address says what the filter is, and keeps whatever else it says', () => {
  const filter: Filter = {
    states: ['running', 'failed'],
    task: 'nightly & co',
    tags: ['team:core', 'url:a:b'],
    isWaiting: true,
    isArchived: true,
    search: 'npm test',
    isSaid: true,
  };
  const written = withFilter(new URLSearchParams('sort=-tokens&state=done&search=old'), filter);
  expect(readFilter(new URLSearchParams(written.toString()))).toEqual(filter);
  expect(written.get('sort')).toBe('-tokens');
  expect(withFilter(written, NO_FILTER).toString()).toBe('sort=-tokens');
});

test('what is looked for in what was said is no matter of names, and goes to the server as it is', () => {
  expect(isFound({ search: 'nowhere', isSaid: true })).toBe(true);
  const said: Filter = { ...NO_FILTER, search: '  two  words ', isSaid: true };
  expect(toSearchQuery(said)).toEqual({ text: 'two  words', isArchived: false });
  const part = { states: ['failed'], task: 'nightly', tags: ['team:core', 'url:a:b'], isWaiting: true } as const;
  expect(toSearchQuery({ ...said, ...part })).toEqual({
    text: 'two  words',
    states: ['failed'],
    taskId: 'nightly',
    metadata: { team: 'core', url: 'a:b' },
    isWaiting: true,
    isArchived: false,
  });
  for (const none of [{ isSaid: false }, { search: ' ' }, { tags: ['team:core', 'team:web'] }])
    expect(toSearchQuery({ ...said, ...none })).toBeNull();
  expect(toSearchQuery({ ...said, search: 'x'.repeat(2_000) })?.text).toHaveLength(1_000);
});

test('what an address says that makes no sense is as if it were not there', () => {
  expect(readFilter(new URLSearchParams('state=asleep&tag=nothing&tag=:x&waiting=perhaps'))).toEqual(NO_FILTER);
});

test('a filter is empty when every run matches', () => {
  expect([isEmpty(NO_FILTER), isEmpty({ ...NO_FILTER, search: ' ' })]).toEqual([true, true]);
  expect(isEmpty({ ...NO_FILTER, tags: ['a:b'] })).toBe(false);
});

test('what is in the archive is seen there, and nowhere else', () => {
  const archived = { ...run, archivedAt: '2026-11-22T10:03:00.000Z' };
  expect([isFound({ isArchived: true }), matches(archived, NO_FILTER)]).toEqual([false, false]);
  expect(matches(archived, { ...NO_FILTER, isArchived: true })).toBe(true);
});

test('of runs that have ended, the server is asked for what it knows to look for', () => {
  const asked = (part: Partial<Filter>) => toQuery({ ...NO_FILTER, ...part });
  expect(asked({})).toEqual({ isArchived: false, states: ['done', 'failed', 'cancelled'] });
  expect(
    asked({
      states: ['running', 'failed'],
      task: 'nightly',
      tags: ['url:a:b'],
      isArchived: true,
      search: 'a Longer b',
    }),
  ).toEqual({ isArchived: true, states: ['failed'], taskId: 'nightly', metadata: { url: 'a:b' }, search: 'longer' });
});

test.each([{ isWaiting: true }, { states: ['running'] }, { tags: ['team:a', 'team:b'] }] as Partial<Filter>[])(
  'it is not asked where no run that has ended can match: %j',
  (part) => expect(toQuery({ ...NO_FILTER, ...part })).toBe(null),
);
