import { expect, it } from 'vitest';
import { timeLeft } from '../../src/session/deadline.ts';

const NOON = Date.parse('2026-01-01T12:00:00Z');

it.each([
  ['has all of it at first', null, 60_000],
  ['has the rest of it when another process had begun', '2026-01-01T11:59:20Z', 20_000],
  ['is over at once when its time is', '2026-01-01T10:00:00Z', 0],
  ['has no more than the whole when the clock was set back', '2026-01-01T13:00:00Z', 60_000],
])('a run with a deadline %s', (_which, startedAt, left) => {
  expect(timeLeft({ afterMs: 60_000 }, startedAt, NOON)).toBe(left);
});

it('a run without one is not ended by time', () => {
  expect(timeLeft('told', '2020-01-01T00:00:00Z', NOON)).toBeUndefined();
});
