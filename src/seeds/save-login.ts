import { fromUnknown, OptioError } from '../errors.ts';
import { readAuth } from './auth-file.ts';
import type { LoginHome, LoginOrder } from './login-home.ts';
import { forNobodyKnowsWhom, notSaved } from './login-words.ts';
import { AUTH_FILE } from './manifest.ts';
import type { Seeds } from './seeds.ts';

export interface SaverParts {
  readonly seeds: Pick<Seeds, 'add' | 'renew' | 'find' | 'holderOf'>;
  /** How long to wait for whoever uses the seed that gets a new login, in milliseconds. */
  readonly patienceMs: number;
}

/** What became of a login: without an error it is saved, or not needed any more. */
export interface SavedLogin {
  readonly error?: OptioError;
  /** It still lies in its home. */
  readonly isKept: boolean;
}

/**
 * Makes a seed of a login, on disk before its home is removed. One that cannot be saved is kept where it is, unless it is that of
 * somebody else. `isLeft`: by a process that has died, perhaps after it had saved it.
 */
export async function saveLogin(
  { seeds, patienceMs }: SaverParts,
  home: LoginHome,
  { login: { id, pool, again = false }, config, isUnreadable = false }: LoginOrder,
  isLeft: boolean,
): Promise<SavedLogin> {
  try {
    const auth = (await home.auth()) ?? '';
    const seed = { id, auth, ...(pool !== undefined && { pool }), ...(config !== undefined && { config }) };
    if (isUnreadable && (await seeds.holderOf(auth)) === undefined) {
      return { error: forNobodyKnowsWhom(home.authFile), isKept: true };
    }
    if (!isLeft || !(await isSettled(seeds, id, auth))) {
      await (again ? seeds.renew(seed, { patienceMs, takesOver: isLeft }) : seeds.add(seed));
    }
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (error.code !== 'invalid-input' || error.details.field !== AUTH_FILE) {
      return { error: notSaved(error, id, home.authFile, again), isKept: true };
    }
    await home.remove();
    return { error: wrongAccount(id, error), isKept: false };
  }
  await home.remove().catch(() => {}); // the next process tries again, and finds it saved
  return { isKept: false };
}

/** Whether a login is saved already, or its seed holds one that was renewed since. */
async function isSettled(seeds: SaverParts['seeds'], id: string, auth: string): Promise<boolean> {
  if ((await seeds.holderOf(auth)) !== undefined) return true;
  const read = readAuth(auth);
  const there = await seeds.find(id).catch((thrown) => {
    if (fromUnknown(thrown).code === 'not-found') return undefined;
    throw thrown;
  });
  if (!there || !read.isWhole || there.account?.accountId !== read.facts.account?.accountId) return false;
  return (there.refreshedAt ?? '') > (read.facts.refreshedAt ?? '');
}

function wrongAccount(id: string, cause: OptioError): OptioError {
  return new OptioError('login-failed', `somebody has logged in with another account than the seed ${id} is of`, {
    cause,
    remedy: 'Nothing was changed. Log in with that account, or add this one under another name.',
  });
}
