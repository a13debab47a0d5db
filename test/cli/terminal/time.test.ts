import { describe, expect, it } from 'vitest';
import { when } from '../../../src/cli/terminal/time.ts';
import { NOW } from '../../support/run-summary.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('when', () => {
  it.each([
    [0, 'just now'],
    [-SECOND, 'just now'],
    [45 * SECOND, '45 s ago'],
    [3 * MINUTE + 50 * SECOND, '4 min ago'],
    [47 * HOUR, '47 h ago'],
    [5 * DAY, '5 d ago'],
    [-2 * HOUR, 'in 2 h'],
    [-90 * SECOND, 'in 2 min'],
  ])('says of what was %d ms ago: %s', (ms, said) => {
    expect(when(NOW - ms, NOW)).toBe(said);
    expect(when(new Date(NOW - ms).toISOString(), NOW)).toBe(said);
  });

  it('says nothing of what is no time', () => {
    expect(when('soon', NOW)).toBe('');
  });
});
