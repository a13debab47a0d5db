import type { SeedSummary } from '../contract/seed.ts';
import { OptioError } from '../errors.ts';
import { AUTH_FILE } from './manifest.ts';

export function nameTaken(id: string): OptioError {
  return new OptioError('invalid-input', `id: there is a seed "${id}" already`, {
    field: 'id',
    remedy: 'Choose another name, or remove that one; to log in anew for that one, say `again`.',
  });
}

/** Whoever has logged in is not whose seed it is; the field tells it from all else that may be wrong. */
export function otherAccount(id: string): OptioError {
  return new OptioError('invalid-input', `${AUTH_FILE}: it is a login of somebody else than the seed ${id} is`, {
    field: AUTH_FILE,
    remedy: 'Add it as another seed, if it is what you want.',
  });
}

export function otherPool({ id, pool }: SeedSummary): OptioError {
  return new OptioError('invalid-input', `pool: the seed ${id} is in ${pool === null ? 'none' : `the pool ${pool}`}`, {
    field: 'pool',
    remedy: 'Leave it out: a seed stays where it is.',
  });
}

export function twin(id: string): OptioError {
  return new OptioError('invalid-input', `auth: the seed ${id} holds this login already`, {
    field: 'auth',
    remedy: 'Use that seed, or log in once more: each login can be used in one place only.',
  });
}
