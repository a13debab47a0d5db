import { OptioError } from '../errors.ts';
import type { HeldLease } from './seed-record.ts';

/** Why a seed is not changed: whoever wants to does not hold it any more. */
export function leaseLost({ seedId, holder, fence }: HeldLease): OptioError {
  return new OptioError('lease-lost', `the seed ${seedId} is not held by ${holder} under the fence ${fence} any more`, {
    remedy: 'Somebody else may use it by now: stop whatever uses this login, and lease it again.',
  });
}

export function seedChanged(seedId: string, replaces: number): OptioError {
  return new OptioError(
    'seed-changed',
    `the current content of the seed ${seedId} is not its version ${replaces} any more`,
    {
      remedy: 'Read it again, and decide by what it holds now.',
    },
  );
}

export function noSeed(id: string): OptioError {
  return new OptioError('not-found', `there is no seed "${id}"`, {
    remedy: 'Look for it among those there are: optio-codex seed ls',
  });
}
