import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grouped } from '../../../web/src/design/figures.ts';
import { briefly, full, relative, timeOfDay } from '../../../web/src/design/moment.ts';

/** Any time that somebody may see here, where the reader is. */
const time = fc.date({ min: new Date('1999-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
const as = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('en-GB', options);

describe('times and figures', () => {
  it('are written as the language has them', () => {
    const [minute, second] = [
      as({ hour: '2-digit', minute: '2-digit' }),
      as({ hour: '2-digit', minute: '2-digit', second: '2-digit' }),
    ];
    const whole = as({ dateStyle: 'medium', timeStyle: 'medium' });
    fc.assert(
      fc.property(time, (at) => {
        expect(timeOfDay(at.toISOString())).toBe(minute.format(at));
        expect(timeOfDay(at.toISOString(), true)).toBe(second.format(at));
        expect(full(at.getTime())).toBe(whole.format(at));
      }),
    );
    fc.assert(
      fc.property(fc.nat(), (number) => {
        expect(grouped(number)).toBe(number.toLocaleString('en-US'));
      }),
    );
  });

  it('are brief where the day, or the year, is clear', () => {
    const [day, date] = [
      as({ day: 'numeric', month: 'short' }),
      as({ day: 'numeric', month: 'short', year: 'numeric' }),
    ];
    fc.assert(
      fc.property(time, time, (at, now) => {
        const isToday = at.toDateString() === now.toDateString();
        const long = at.getFullYear() === now.getFullYear() ? day : date;
        expect(briefly(at, now)).toBe(isToday ? timeOfDay(at.toISOString()) : long.format(at));
      }),
    );
    const morning = new Date(2026, 10, 26, 9, 5);
    expect(briefly(morning, new Date(2026, 10, 26, 23))).toBe('09:05');
  });

  it.each([
    [0, 'just now'],
    [-59_000, 'just now'],
    [30_000, 'in less than a minute'],
    [-60_000, '1 minute ago'],
    [-3_599_000, '1 hour ago'],
    [7_200_000, 'in 2 hours'],
    [-86_400_000, '24 hours ago'],
    [-2 * 86_400_000, '2 days ago'],
    [10 * 86_400_000, 'in 10 days'],
  ])('tell how far away %i ms are', (ms, expected) => {
    const now = new Date(2026, 10, 26);
    expect(relative(new Date(now.getTime() + ms), now)).toBe(expected);
  });
});
