import { expect, it } from 'vitest';
import { timeLeft } from '../../src/session/deadline.ts';

it.each([
  ['has all of it at first', 0, 60_000],
  ['has the rest of it when another process had begun', 40_000, 20_000],
  ['is over at once when its time is', 7_200_000, 0],
])('a run with a deadline %s', (_which, ageMs, left) => {
  expect(timeLeft({ afterMs: 60_000 }, ageMs)).toBe(left);
});

it('a run without one is not ended by time', () => {
  expect(timeLeft('told', 7_200_000)).toBeUndefined();
});
