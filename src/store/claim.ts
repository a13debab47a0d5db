import { OptioError } from '../errors.ts';

/** Why something of a run is not written: whoever wants to does not hold it any more. */
export function claimLost(runId: string, claim: number): OptioError {
  return new OptioError('claim-lost', `the run ${runId} is not held under the claim ${claim} any more`, {
    remedy: 'Look at its journal: somebody else has taken it over, or it has ended.',
  });
}
