import type { RunOutcome } from '../contract/outcome.ts';
import type { RunRecord } from '../store/store.ts';
import type { RetryPolicy } from '../task/task.ts';
import type { Clock } from './clock.ts';

const BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;

/**
 * How long a run that has ended so waits before it is tried again, in milliseconds; undefined when it is not. `attempt`
 * is the one that has ended, from 1.
 */
export function pauseBeforeRetry(
  { status }: Pick<RunOutcome, 'status'>,
  attempt: number,
  policy: RetryPolicy = { attempts: 1 },
): number | undefined {
  if (status !== 'failed' || attempt >= policy.attempts) return undefined;
  return pauseAfter(attempt, policy);
}

function pauseAfter(
  attempt: number,
  { backoffMs = BACKOFF_MS, maxBackoffMs = MAX_BACKOFF_MS }: Partial<RetryPolicy> = {},
): number {
  return Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));
}

/**
 * The pause of a run that is tried again. It goes by the time that passes: a clock that is set meanwhile changes nothing,
 * and after a death it is never longer than its policy says.
 */
export class Rest {
  readonly #attempt: number;
  /** What was left of it, by the clock, at that moment. */
  readonly #left: number;
  readonly #since: number;

  private constructor(attempt: number, notBefore: string, clock: Clock) {
    this.#attempt = attempt;
    this.#left = Date.parse(notBefore) - clock.now();
    this.#since = clock.elapsed();
  }

  /** Undefined for a run that is not tried again, or has begun. */
  static of({ attempt, state, notBefore }: RunRecord, clock: Clock): Rest | undefined {
    return attempt > 1 && state === 'scheduled' && notBefore ? new Rest(attempt, notBefore, clock) : undefined;
  }

  /** How long it still rests, in milliseconds, when so many have passed (`Clock.elapsed`). */
  left(policy: RetryPolicy | undefined, elapsed: number): number {
    const whole = Math.min(this.#left, pauseAfter(this.#attempt - 1, policy));
    return Math.max(0, whole - (elapsed - this.#since));
  }
}
