import type { RemoveSeedOptions, SeedSummary } from '../contract/seed.ts';
import type { Seeds } from './seeds.ts';

// What programs call that know seeds from elsewhere: the same verbs, with `optio.seeds` as their store.

/** The namespace of Codex's seeds among saved logins of other programs. */
export const CODEX_SEED_SUFFIX = '_codex_seeds';

/** All saved logins, by their names, without anything that lets somebody in. */
export function listSeeds(seeds: Seeds): Promise<SeedSummary[]> {
  return seeds.list();
}

/**
 * Removes a saved login and leaves what it held, encrypted, of which it gives the id: `seeds.discard` removes that too. Throws
 * `not-found`, and `seed-unavailable` while somebody uses it, unless forced.
 */
export function deleteSeed(seeds: Seeds, id: string, options?: RemoveSeedOptions): Promise<string> {
  return seeds.delete(id, options);
}

/** Removes a saved login with all it holds. Throws what `deleteSeed` throws. */
export function purgeSeed(seeds: Seeds, id: string, options?: RemoveSeedOptions): Promise<void> {
  return seeds.purge(id, options);
}
