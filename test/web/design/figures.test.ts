import { expect, test } from 'vitest';
import { clock, counted, short } from '../../../web/src/design/figures.ts';

test('a length of time has hours only where it needs them', () => {
  expect([0, 7_999, 725_000, 3_599_999, 3_725_000, 90_000_000].map(clock)).toEqual([
    '0:00',
    '0:07',
    '12:05',
    '59:59',
    '1:02:05',
    '25:00:00',
  ]);
});

test('a clock that runs behind shows no time before the beginning', () => {
  expect(clock(-5_000)).toBe('0:00');
});

test('a number has no more digits than it needs', () => {
  expect([0, 950, 999, 1_000, 8_550, 24_000, 999_499, 999_600, 1_234_567, 2e9].map(short)).toEqual([
    '0',
    '950',
    '999',
    '1k',
    '8.6k',
    '24k',
    '999k',
    '1M',
    '1.2M',
    '2G',
  ]);
});

test('one is one, and many are many', () => {
  expect([counted(1, 'run'), counted(1_200, 'run'), counted(2, 'entry', 'entries')]).toEqual([
    '1 run',
    '1,200 runs',
    '2 entries',
  ]);
});
