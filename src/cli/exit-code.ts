import type { RunOutcome } from '../contract/outcome.ts';
import type { ErrorCode } from '../errors.ts';

/** What cannot work the way it was called: the same call again is of no use. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid-config',
  'invalid-input',
  'login-missing',
  'login-expired',
]);

export const CANCELLED = 130;

/** What was waited for did not come in time: what `timeout` exits with. */
export const TIMED_OUT = 124;

/** 1 failed, 2 used wrongly or not logged in. */
export function exitCodeOfError(code: ErrorCode): number {
  return USAGE_CODES.has(code) ? 2 : 1;
}

/** 0 done, 1 failed, 2 used wrongly or not logged in, 130 cancelled. */
export function exitCodeOfRun({ status, error }: RunOutcome): number {
  if (status === 'cancelled') return CANCELLED;
  if (status === 'done') return 0;
  return error ? exitCodeOfError(error.code) : 1;
}
