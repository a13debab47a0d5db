import { describe, expect, it } from 'vitest';
import { holderOf, LENDER } from '../../../src/contract/seed-holder.ts';
import { KEPT_VERSIONS } from '../../../src/store/seed-record.ts';
import {
  accountOf,
  earlierVersions,
  planOf,
  standingOf,
  usersInWords,
  verdictInWords,
  windowName,
} from '../../../web/src/seeds/seed-words.ts';
import { SEED } from '../../support/seed-summary.ts';

const NOW = Date.parse('2026-11-24T12:00:00.000Z');
const [FIVE_HOURS] = SEED.usage;
if (!FIVE_HOURS) throw new Error('the seed of the tests has a window');

describe('how a seed stands', () => {
  const standing = (state: (typeof SEED)['state'], ...percents: number[]) =>
    standingOf({ state, usage: percents.map((usedPercent) => ({ ...FIVE_HOURS, usedPercent })) }, NOW);

  it('is what its provider says, unless nothing is left of it', () => {
    expect(standing('healthy', 99)).toEqual({ kind: 'healthy', word: 'Healthy', until: null });
    expect(standing('unknown')).toMatchObject({ kind: 'unknown' });
    expect(standing('dead', 100)).toMatchObject({ kind: 'dead' });
    expect(standing('healthy', 100, 3)).toEqual({ kind: 'spent', word: 'Used up', until: FIVE_HOURS.resetsAt });
  });

  it('is used up until the last of its windows has begun anew', () => {
    const later = '2026-11-28T12:00:00.000Z';
    const usage = [later, '2026-11-24T15:00:00.000Z'].map((resetsAt) => ({
      ...FIVE_HOURS,
      usedPercent: 100,
      resetsAt,
    }));
    expect(standingOf({ state: 'healthy', usage }, NOW).until).toBe(later);
    const untold = [...usage, { ...FIVE_HOURS, usedPercent: 100, resetsAt: null }];
    expect(standingOf({ state: 'healthy', usage: untold }, NOW)).toMatchObject({ kind: 'spent', until: null });
  });

  it('is not used up any more once its window has begun anew, though nobody has asked since', () => {
    const usage = [{ ...FIVE_HOURS, usedPercent: 100 }];
    expect(standingOf({ state: 'healthy', usage }, Date.parse('2026-11-24T15:00:00.000Z')).kind).toBe('healthy');
  });
});

it('says whose it is, also where little is told of that', () => {
  expect([accountOf(SEED), planOf(SEED)]).toEqual(['ada@example.org', 'ChatGPT Pro']);
  const account = { accountId: 'acct-1', email: null, plan: null };
  expect([accountOf({ ...SEED, account }), planOf({ ...SEED, account })]).toEqual(['acct-1', 'ChatGPT']);
  expect(accountOf({ ...SEED, account: null })).toMatch(/^An account/);
  expect(planOf({ kind: 'apiKey', account: null })).toBe('API key');
});

it.each([
  [{ label: '5h', minutes: 300 }, '5 hours'],
  [{ label: '7d', minutes: 10_080 }, '7 days'],
  [{ label: 'weekly', minutes: null }, 'weekly'],
  [{ label: '90 min', minutes: 90 }, '90 minutes'],
  [{ label: 'code review 1d', minutes: 1_440 }, 'code review, 1 day'],
])('says how long a window is: %o', (window, name) => {
  expect(windowName(window)).toBe(name);
});

it('offers as many earlier versions as the store keeps', () => {
  expect(earlierVersions({ version: 1 })).toEqual([]);
  expect(earlierVersions({ version: 3 })).toEqual([2, 1]);
  expect(earlierVersions({ version: 9 })).toEqual([8, 7, 6, 5]);
  expect(earlierVersions({ version: 9 })).toHaveLength(KEPT_VERSIONS - 1);
});

it('names who uses it: the runs, else whoever holds its lease', () => {
  const lease = { holder: 'seed verify', fence: 3, expiresAt: '2026-11-24T12:01:00.000Z' };
  const nameOf = (id: string) => id.toUpperCase();
  expect(usersInWords({ runs: [], lease: null }, nameOf)).toBeNull();
  expect(usersInWords({ runs: [], lease }, nameOf)).toBe('seed verify');
  expect(usersInWords({ runs: ['a'], lease }, nameOf)).toBe('the run “A”');
  expect(usersInWords({ runs: ['a', 'b', 'c'], lease }, nameOf)).toBe('the runs “A”, “B” and “C”');
});

it('says that nobody uses what the server has ready for runs', () => {
  const lease = { holder: LENDER, fence: 3, expiresAt: '2026-11-24T12:01:00.000Z' };
  expect([holderOf({ lease }), usersInWords({ runs: [], lease }, String)]).toEqual([null, null]);
});

it('tells what a look at a login has found', () => {
  expect(verdictInWords('work', { verdict: 'alive', isRefreshed: false })).toBe('“work” is alive');
  expect(verdictInWords('work', { verdict: 'alive', isRefreshed: true })).toContain('renewed');
  expect(verdictInWords('work', { verdict: 'dead', isRefreshed: false })).toContain('log in again');
  expect(verdictInWords('work', { verdict: 'unknown', isRefreshed: false })).toContain('could not be found out');
});
