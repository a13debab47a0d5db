import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OptioError } from '../errors.ts';
import { quote } from '../hosts/quote.ts';
import { KEY_BYTES } from './encryption.ts';
import { readKeys } from './key-text.ts';

/** What nobody but its owner may do with it. */
const OTHERS = 0o077;
/** A file of keys that is larger holds something else. */
const MAX_BYTES = 4096;

/**
 * The keys in a file, which is made with a new one where it is not there; of two processes that do so at once, one makes it and
 * both have it. Throws `invalid-config` for a link, for a file that others may read, for one that holds no key, and for one that is not
 * there although something was encrypted before (`isMissed`).
 */
export async function keysInFile(
  path: string,
  isMissed = async (): Promise<boolean> => false,
): Promise<readonly Uint8Array[]> {
  const found = await readIfThere(path);
  if (found) return found;
  if (await isMissed()) throw missed(path);
  // A link, and no renaming: a key that is there is in use.
  await put(path, [newKey()], (from) =>
    link(from, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    }),
  );
  const made = await readIfThere(path);
  if (made) return made;
  throw refused(path, 'it was removed as soon as it was made');
}

/** Puts these keys in the place of those in a file, all of them or none. */
export async function replaceKeys(path: string, keys: readonly Uint8Array[]): Promise<void> {
  await put(path, keys, (from) => rename(from, path));
}

export function newKey(): Uint8Array {
  return randomBytes(KEY_BYTES);
}

async function readIfThere(path: string): Promise<readonly Uint8Array[] | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (thrown) {
    const cause = thrown as NodeJS.ErrnoException;
    if (cause.code === 'ENOENT') return undefined;
    if (cause.code === 'ELOOP') throw refused(path, 'it is a link, and may lead to a file of somebody else');
    throw refused(path, cause.message, cause);
  }
  try {
    const why = problemOf(await file.stat());
    if (why) throw refused(path, why);
    return readKeys(await file.readFile('utf8'), path);
  } finally {
    await file.close();
  }
}

function problemOf(stats: Stats): string | undefined {
  if (!stats.isFile()) return 'it is no file';
  if (stats.uid !== process.getuid?.()) return 'it belongs to somebody else';
  if (stats.mode & OTHERS) return 'others may read or write it';
  if (stats.size > MAX_BYTES) return 'it is too large for a key';
  return undefined;
}

async function put(path: string, keys: readonly Uint8Array[], place: (from: string) => Promise<void>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(keys.map((key) => `${Buffer.from(key).toString('base64')}\n`).join(''));
    await file.sync();
    await place(temporary);
    const directory = await open(dirname(path));
    await directory.sync().finally(() => directory.close());
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** A new one beside what was saved with another would look as if all were well, until the first seed is needed. */
function missed(path: string): OptioError {
  return new OptioError('invalid-config', `the key of the seeds is gone: there is no ${path}, and there are seeds`, {
    field: path,
    remedy:
      'Put the file back, or give the key as it was given before (OPTIO_CODEX_SEED_KEY, seedKey). Where it is lost for good, make a new ' +
      `one: (umask 077; openssl rand -base64 32 > ${quote(path)}), and log in anew for each seed: optio-codex seed add NAME --again`,
  });
}

function refused(path: string, why: string, cause?: unknown): OptioError {
  return new OptioError('invalid-config', `the key of the seeds in ${path} is not used: ${why}`, {
    cause,
    field: path,
    remedy:
      'Put the file with the key there, for its owner only (chmod 600). Without that key the seeds cannot be read.',
  });
}
