import type { RunOutcome } from '../contract/outcome.ts';
import type { RetryPolicy } from '../task/task.ts';

const BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 300_000;

/**
 * How long a run that has ended so waits before it is tried again, in milliseconds; undefined when it is not. `attempt`
 * is the one that has ended, from 1.
 */
export function pauseBeforeRetry(
  outcome: RunOutcome,
  attempt: number,
  { attempts, backoffMs = BACKOFF_MS, maxBackoffMs = MAX_BACKOFF_MS }: RetryPolicy = { attempts: 1 },
): number | undefined {
  if (outcome.status !== 'failed' || attempt >= attempts) return undefined;
  return Math.min(maxBackoffMs, backoffMs * 2 ** (attempt - 1));
}
