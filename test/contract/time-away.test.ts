import { describe, expect, it } from 'vitest';
import { when } from '../../src/cli/terminal/time.ts';
import { type TimeAway, timeAway } from '../../src/contract/time-away.ts';
import { relative } from '../../web/src/design/moment.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('timeAway', () => {
  it.each<[number, number, TimeAway['unit']]>([
    [0, 0, 'second'],
    [59_400, 59, 'second'],
    [59_600, 1, 'minute'],
    [-90_000, 2, 'minute'],
    [HOUR - 1_000, 1, 'hour'],
    [HOUR + 50 * MINUTE, 2, 'hour'],
    [-DAY, 24, 'hour'],
    [2 * DAY, 2, 'day'],
    [4.6 * DAY, 5, 'day'],
  ])('says of %d ms that they are %d %ss', (ms, many, unit) => {
    expect(timeAway(ms)).toEqual({ many, unit });
  });

  it('is what the command line and the page say', () => {
    const now = Date.parse('2026-11-24T12:00:00.000Z');
    for (const [ms, short, long] of [
      [HOUR + 50 * MINUTE, 'in 2 h', 'in 2 hours'],
      [4.6 * DAY, 'in 5 d', 'in 5 days'],
      [-35 * HOUR, '35 h ago', '35 hours ago'],
      [-90_000, '2 min ago', '2 minutes ago'],
    ] as const) {
      expect(when(now + ms, now)).toBe(short);
      expect(relative(new Date(now + ms), new Date(now))).toBe(long);
    }
  });
});
