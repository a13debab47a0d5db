import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../src/contract/schedule.ts';
import { CheckedSchedule, checkedSchedule } from '../../src/engine/schedule.ts';
import type { OptioError } from '../../src/errors.ts';

const time = (text: string) => Date.parse(text);
const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());

function timesOf(schedule: Schedule, after: string, count: number): (string | undefined)[] {
  const checked = new CheckedSchedule(schedule);
  const times: (string | undefined)[] = [];
  for (let at: number | undefined = time(after); times.length < count && at !== undefined; ) {
    at = checked.next(at);
    times.push(iso(at));
  }
  return times;
}

function dueOf(schedule: Schedule, after: string, now: string): string[] {
  const due = new CheckedSchedule(schedule).due(time(after), time(now));
  return due.map(({ at, launch }) => `${launch ? 'launch' : 'skip'} ${iso(at)?.slice(0, 16)}`);
}

describe('a schedule', () => {
  it('is complete once it was checked', () => {
    expect(checkedSchedule('0 6 * * *')).toEqual({ cron: '0 6 * * *', misfire: 'once', overlap: 'skip' });
    expect(checkedSchedule({ cron: '@daily', timeZone: 'UTC', misfire: 'all' })).toEqual({
      cron: '@daily',
      timeZone: 'UTC',
      misfire: 'all',
      overlap: 'queue',
    });
    expect(checkedSchedule(undefined)).toBeNull();
  });

  it.each<[unknown, string]>([
    ['0 6 * *', 'schedule.cron'],
    ['every morning', 'schedule.cron'],
    ['61 * * * *', 'schedule.cron'],
    ['* * * * * *', 'schedule.cron'],
    ['2126-01-01T00:00:00', 'schedule.cron'],
    ['0 0 30 2 *', 'schedule.cron'],
    [{ cron: '0 6 * * *', timeZone: 'Europe/Nowhere' }, 'schedule.timeZone'],
    [{ cron: '0 6 * * *', misfire: 'never' }, 'schedule.misfire'],
    [{ cron: '0 6 * * *', misfire: 'all', overlap: 'skip' }, 'schedule.overlap'],
    [{ cron: '0 6 * * *', overlap: 'never' }, 'schedule.overlap'],
    [{ cron: '0 6 * * *', zone: 'UTC' }, 'schedule'],
    [6, 'schedule'],
  ])('is refused when it is none: %j', (schedule, field) => {
    let refused: OptioError | undefined;
    try {
      new CheckedSchedule(schedule);
    } catch (thrown) {
      refused = thrown as OptioError;
    }
    expect(refused).toMatchObject({ code: 'invalid-config', details: { field } });
    expect(refused?.remedy).toBeTruthy();
  });

  it.each([
    ['every day', /^schedule\.cron: "every day" does not have five fields$/],
    ['* * * * * *', /^schedule\.cron: "\* \* \* \* \* \*" does not have five fields$/],
    ['61 * * * *', /is not a valid cron expression \(.*61/],
  ])('says why %s is none', (cron, message) => {
    expect(() => new CheckedSchedule(cron)).toThrow(message);
  });
});

describe('the times of a schedule, where clocks are set', () => {
  const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' });

  it('keep the hour of the day', () => {
    expect(timesOf(berlin('0 6 * * *'), '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T04:00:00.000Z',
      '2026-10-25T05:00:00.000Z',
      '2026-10-26T05:00:00.000Z',
    ]);
  });

  it('come at the first time that exists, where theirs does not', () => {
    expect(timesOf(berlin('30 2 * * *'), '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T01:30:00.000Z',
      '2026-03-29T01:00:00.000Z',
      '2026-03-30T00:30:00.000Z',
    ]);
  });

  it('come once where theirs exists twice, in a list of hours as well', () => {
    expect(timesOf(berlin('30 2 * * *'), '2026-10-24T12:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-26T01:30:00.000Z',
    ]);
    expect(timesOf(berlin('30 2,14 * * *'), '2026-10-24T13:00:00Z', 2)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T13:30:00.000Z',
    ]);
  });

  it('come round evenly where they have no hour', () => {
    const hours = (times: (string | undefined)[]) => times.map((at) => at?.slice(11, 16));
    expect(hours(timesOf(berlin('0 * * * *'), '2026-10-24T23:30:00Z', 4))).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '03:00',
    ]);
    expect(hours(timesOf(berlin('0 * * * *'), '2026-03-28T23:30:00Z', 4))).toEqual([
      '00:00',
      '01:00',
      '02:00',
      '03:00',
    ]);
  });
});

describe('what is due', () => {
  const daily = (misfire: 'skip' | 'once' | 'all') => ({ cron: '0 6 * * *', timeZone: 'UTC', misfire });

  it('is nothing before its time, and one at its time, up to a minute late', () => {
    for (const misfire of ['skip', 'once', 'all'] as const) {
      expect(dueOf(daily(misfire), '2026-11-24T06:00:00Z', '2026-11-25T05:59:59.999Z')).toEqual([]);
      for (const now of ['2026-11-25T06:00:00Z', '2026-11-25T06:00:00.001Z', '2026-11-25T06:01:00Z']) {
        expect(dueOf(daily(misfire), '2026-11-24T06:00:00Z', now)).toEqual(['launch 2026-11-25T06:00']);
      }
    }
  });

  it('is what its misfire rule says when times were missed', () => {
    const missed = (misfire: 'skip' | 'once' | 'all', now: string) =>
      dueOf(daily(misfire), '2026-11-22T12:00:00Z', now);
    expect(missed('skip', '2026-11-25T12:00:00Z')).toEqual(['skip 2026-11-25T06:00']);
    expect(missed('once', '2026-11-25T12:00:00Z')).toEqual(['launch 2026-11-25T06:00']);
    const all = ['launch 2026-11-23T06:00', 'launch 2026-11-24T06:00', 'launch 2026-11-25T06:00'];
    expect(missed('all', '2026-11-25T12:00:00Z')).toEqual(all);
    expect(missed('skip', '2026-11-25T06:00:30Z')).toEqual(['skip 2026-11-24T06:00', 'launch 2026-11-25T06:00']);
    expect(missed('once', '2026-11-25T06:00:30Z')).toEqual(['launch 2026-11-25T06:00']);
    expect(missed('all', '2026-11-25T06:00:30Z')).toEqual(all);
  });

  it('makes up for the newest 100 at most', () => {
    const due = dueOf(
      { cron: '* * * * *', timeZone: 'UTC', misfire: 'all' },
      '2025-01-01T00:00:00Z',
      '2026-11-25T12:00:00Z',
    );
    expect(due[0]).toBe('skip 2026-11-25T10:18');
    expect(due.slice(1, 3)).toEqual(['launch 2026-11-25T10:19', 'launch 2026-11-25T10:20']);
    // Those of 11:59 and 12:00 are on time.
    expect(due.slice(-3)).toEqual(['launch 2026-11-25T11:58', 'launch 2026-11-25T11:59', 'launch 2026-11-25T12:00']);
    expect(due).toHaveLength(1 + 100 + 2);
  });

  it('is the same whether one looks often or seldom, in any zone: each time once', () => {
    const crons = ['*/30 * * * *', '30 2 * * *', '0 */6 * * *', '15 1-3 * * *', '0 0 * * 0'];
    const zones = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'UTC'];
    const begin = fc.constantFrom(
      '2026-03-27T00:00:00Z',
      '2026-10-23T00:00:00Z',
      '2026-03-06T00:00:00Z',
      '2026-04-03T00:00:00Z',
    );
    const steps = fc.array(fc.integer({ min: 1, max: 20 * 3600 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.constantFrom(...crons),
        fc.constantFrom(...zones),
        begin,
        steps,
        (cron, timeZone, from, seconds) => {
          const schedule = new CheckedSchedule({ cron, timeZone, misfire: 'all' });
          const launched: number[] = [];
          let after = time(from);
          let now = after;
          for (const step of seconds) {
            now += step * 1000;
            for (const { at } of schedule.due(after, now)) launched.push(at);
            after = launched.at(-1) ?? after;
          }
          const expected: number[] = [];
          for (let at = schedule.next(time(from)); at !== undefined && at <= now; at = schedule.next(at))
            expected.push(at);
          expect(launched).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });
});
