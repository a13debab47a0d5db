import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { pauseBeforeRetry } from '../../src/engine/retry.ts';

const outcome = (status: RunOutcome['status']): RunOutcome => ({
  status,
  text: '',
  durationMs: 0,
  usage: NO_USAGE,
  turns: 0,
});

describe('the pause before another attempt', () => {
  it('doubles with each attempt, up to a limit', () => {
    const policy = { attempts: 10, backoffMs: 100, maxBackoffMs: 500 };
    expect([1, 2, 3, 4, 5].map((attempt) => pauseBeforeRetry(outcome('failed'), attempt, policy))).toEqual([
      100, 200, 400, 500, 500,
    ]);
  });

  it('is none when there are no attempts left', () => {
    expect(pauseBeforeRetry(outcome('failed'), 2, { attempts: 2 })).toBeUndefined();
    expect(pauseBeforeRetry(outcome('failed'), 1)).toBeUndefined();
  });

  it.each(['done', 'cancelled'] as const)('is none for a run that is %s', (status) => {
    expect(pauseBeforeRetry(outcome(status), 1, { attempts: 5 })).toBeUndefined();
  });
});
