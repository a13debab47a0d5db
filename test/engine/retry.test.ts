import { describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { systemClock } from '../../src/engine/clock.ts';
import { pauseBeforeRetry } from '../../src/engine/retry.ts';
import { done, openEngine, taskOf } from '../support/engine.ts';

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

describe('a run that is tried again', () => {
  it('begins when its pause is over, also when that is in the moment in which one looks', async () => {
    const attempts = 20;
    // Between any two looks at the clock more than half of a pause goes by.
    let elapsed = 0;
    const clock = { ...systemClock, elapsed: () => (elapsed += 0.6) };
    const { engine } = await openEngine({ clock });
    const execute = async ({ attempt }: { readonly attempt: number }) => {
      if (attempt === attempts) return done('at last');
      throw new Error(`try ${attempt}`);
    };
    await engine.tasks.define(taskOf(execute, { retry: { attempts, backoffMs: 1, maxBackoffMs: 1 } }));
    const { id } = await engine.launch('task');
    expect(await engine.runs.outcome(id)).toMatchObject({ status: 'done', text: 'at last' });
  });
});
