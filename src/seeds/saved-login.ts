import type { SeedSummary } from '../contract/seed.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { HeldLease } from '../store/store.ts';
import { type AuthFacts, isOfAnother, readAuth } from './auth-file.ts';
import type { Lease } from './lease.ts';
import { isOfAnotherOwner, ownerOfAccount } from './login-owner.ts';
import { AUTH_FILE, CODEX_CRED_MANIFEST, CONFIG_FILE, type SeedFiles, takeFiles } from './manifest.ts';

/** How a seed is after somebody has logged in anew, and where nobody can read what he has replaced. */
export const UNTRIED = 'it has a new login, which nobody has tried yet';
export const UNCHECKED = `${UNTRIED}; what it held before cannot be read, so only its account was compared`;

/** What somebody has found where a seed was used. */
export interface SavedSeed {
  readonly files: SeedFiles;
  /** The version from which it has come. */
  readonly replaces: number;
  /** The provider has just given it: it is healthy (false). */
  readonly isProven?: boolean;
}

/** What a whole login says of itself. Throws `invalid-input` for anything else. */
export function factsOf(files: SeedFiles): AuthFacts {
  const read = readAuth(files[AUTH_FILE] ?? '');
  if (read.isWhole) return read.facts;
  throw new OptioError('invalid-input', `${AUTH_FILE}: ${read.why}`, {
    field: AUTH_FILE,
    remedy: 'Log in with `codex login`, and give the file that it has written.',
  });
}

/** Whether a new login is of somebody else; of what nobody can read (`undefined`) no more is known than whose account it is. */
export function isNewOfAnother(seed: SeedSummary, known: SeedFiles | undefined, facts: AuthFacts): boolean {
  if (seed.kind !== facts.kind) return true;
  if (facts.kind !== 'chatgpt') return false;
  return known
    ? isOfAnother(factsOf(known), facts)
    : isOfAnotherOwner(ownerOfAccount(seed.account?.accountId), facts.owner);
}

/** Whether the configuration that is given is another one than there is; undefined where none is given. */
export function isOtherConfig(known: SeedFiles, config: string | undefined): boolean {
  return config !== undefined && config !== (known[CONFIG_FILE] ?? '');
}

/** What a seed holds with a new login. Its configuration stays, unless another one is given, of which nothing may be kept. */
export function filesOfRenewed(known: SeedFiles | undefined, files: SeedFiles, config: string | undefined): SeedFiles {
  const { [CONFIG_FILE]: before, ...others } = known ?? {};
  const after = config ?? before;
  return { ...others, ...takeFiles(files, CODEX_CRED_MANIFEST), ...(after && { [CONFIG_FILE]: after }) };
}

/** How a seed is once something newer of it is saved. */
export function stateAfter({ state, reason }: SeedSummary, isProven: boolean): Pick<SeedSummary, 'state' | 'reason'> {
  if (isProven) return { state: 'healthy', reason: null };
  return state === 'dead' ? { state: 'unknown', reason: 'it was renewed' } : { state, reason };
}

/** Passes on why something failed, unless a content cannot be read: whoever replaces that can go on. */
export function unlessUnreadable(thrown: unknown): void {
  if (fromUnknown(thrown).code !== 'seed-unreadable') throw thrown;
}

export function heldOf({ seedId, holder, fence }: Lease): HeldLease {
  return { seedId, holder, fence };
}
