import type { OptioError } from '../errors.ts';

/**
 * Tells that the login is given up that a run has left, for whatever will not be otherwise by trying again. The run has ended, and its
 * journal with it: so it is told where Node tells warnings, which for a server is its log.
 */
export function warnOfGivenUp(runId: string, { message }: Pick<OptioError, 'message'>): void {
  process.emitWarning(`the login that the run ${runId} has left is given up: ${message}`, 'OptioLoginWarning');
}
