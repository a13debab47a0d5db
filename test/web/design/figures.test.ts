import { expect, test } from 'vitest';
import { counted, short } from '../../../web/src/design/figures.ts';

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
