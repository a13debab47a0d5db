import { fromUnknown, OptioError } from '../errors.ts';
import type { Seeds } from '../store/store.ts';
import type { AuthFacts } from './auth-file.ts';
import { factsOf } from './saved-login.ts';
import type { Vault } from './vault.ts';

export interface TwinSearch {
  readonly id: string;
  readonly facts: AuthFacts;
  readonly store: Seeds;
  readonly vault: Vault;
}

/** A refresh token works once: two seeds that hold the same would end each other. Throws `invalid-input` where another one holds it. */
export async function refuseTwins({ id, facts, store, vault }: TwinSearch): Promise<void> {
  for (const other of await store.list()) {
    if (other.id === id) continue;
    for (const version of await store.versions(other.id)) {
      const content = await vault.read(other.id, version).catch((thrown) => {
        if (fromUnknown(thrown).code === 'seed-unreadable') return undefined;
        throw thrown;
      });
      if (content && factsOf(content.files).fingerprint === facts.fingerprint) throw twin(other.id);
    }
  }
}

function twin(id: string): OptioError {
  return new OptioError('invalid-input', `auth: the seed ${id} holds this login already`, {
    field: 'auth',
    remedy: 'Use that seed, or log in once more: each login can be used in one place only.',
  });
}
