import { fromUnknown } from '../errors.ts';
import type { Seeds } from '../store/store.ts';
import type { AuthFacts } from './auth-file.ts';
import { twin } from './refusals.ts';
import { factsOf } from './saved-login.ts';
import type { Vault } from './vault.ts';

/** Where all that seeds hold is found. */
export interface SeedContents {
  readonly store: Seeds;
  readonly vault: Vault;
}

/** A refresh token works once: two seeds that hold the same would end each other. Throws `invalid-input` where another one holds it. */
export async function refuseTwins(id: string, facts: AuthFacts, contents: SeedContents): Promise<void> {
  const other = await holderOf(facts, contents, id);
  if (other !== undefined) throw twin(other);
}

/** Which seed holds this very login, now or in a version that is kept. `except`: it is not looked into. */
export async function holderOf(
  { fingerprint }: AuthFacts,
  { store, vault }: SeedContents,
  except?: string,
): Promise<string | undefined> {
  for (const { id } of await store.list()) {
    if (id === except) continue;
    for (const version of await store.versions(id)) {
      const content = await vault.read(id, version).catch((thrown) => {
        if (fromUnknown(thrown).code === 'seed-unreadable') return undefined;
        throw thrown;
      });
      if (content && factsOf(content.files).fingerprint === fingerprint) return id;
    }
  }
  return undefined;
}
