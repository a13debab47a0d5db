import type { SeedSummary } from '../contract/seed.ts';
import { LENDER } from '../contract/seed-holder.ts';
import type { SavedVersion } from '../contract/seed-wish.ts';
import { OptioError } from '../errors.ts';
import { readAuth } from './auth-file.ts';
import type { Lease } from './lease.ts';
import { AUTH_FILE } from './manifest.ts';
import type { Seeds } from './seeds.ts';

type Wanted = Pick<SeedSummary, 'id' | 'lease'>;

/** The lease for one run. What it holds already was given to a process before us, and is taken from that. Throws `seed-unavailable`. */
export async function takeAlone(seeds: Seeds, runId: string, seed: Wanted): Promise<Lease> {
  const of = { seed: seed.id };
  await seeds.shared.letGo(seed.id);
  if (seed.lease?.holder === LENDER) {
    const left = await seeds.take({ of, holder: LENDER, inAnyState: true, takesOver: true });
    await left?.release(); // of a process before us, or that of one that was just given back
  }
  const lease = await seeds.take({ of, holder: runId, inAnyState: true, takesOver: true });
  if (!lease) throw taken(seed);
  return lease;
}

export interface LeftSeed {
  readonly runId: string;
  readonly seed: Wanted;
  readonly auth: string;
  /** The version from which it has come, where that is known. */
  readonly from: number | undefined;
}

/**
 * Saves what a process has left of a login that it had for a run, and is gone; what is saved already stays as it is. Throws
 * `invalid-input`, `seed-changed` where the seed has a newer one, and `seed-unavailable` while somebody else has it.
 */
export async function saveLeft(seeds: Seeds, { runId, seed, auth, from }: LeftSeed): Promise<SavedVersion> {
  await using lease = await takeAlone(seeds, runId, seed);
  const { version, files } = await seeds.read(lease);
  // Where another version came between them only the time tells, and clocks may have been set.
  if (from !== version && renewedAt(auth) < renewedAt(files[AUTH_FILE] ?? '')) {
    throw new OptioError('seed-changed', `the seed ${seed.id} has a newer login than the one that was left`);
  }
  const saved = await seeds.save(lease, { files: { [AUTH_FILE]: auth }, replaces: version });
  return { isNew: saved.version !== version, version: saved.version };
}

/** When its tokens were made; the one that was made last is the one that works. */
function renewedAt(auth: string): string {
  const read = readAuth(auth);
  return (read.isWhole && read.facts.refreshedAt) || '';
}

export function taken({ id }: Pick<SeedSummary, 'id'>): OptioError {
  return new OptioError('seed-unavailable', `the seed ${id} is used by somebody else`, {
    remedy: 'Wait until it is free.',
  });
}
