import { randomBytes } from 'node:crypto';
import { type BigIntStats, chmodSync, readFileSync, statSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OptioError } from '../errors.ts';

const FILE = 'token';
/** What nobody but its owner may do with it. */
const OTHERS = 0o077;

/** Where the token of a data directory lies. */
export function tokenFileOf(dataDir: string): string {
  return join(dataDir, FILE);
}

/**
 * The token of a data directory, which is made at the first start; nobody else may read it afterwards. Of two processes that do
 * so at once, one makes it and both have it. Throws `unauthorized` for a file that holds none.
 */
export async function makeToken(dataDir: string): Promise<string> {
  const path = tokenFileOf(dataDir);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) await writeToken(path);
  else if (mode & OTHERS) chmodSync(path, mode & 0o700);
  return readToken(path);
}

async function writeToken(path: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`oc_${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
    // A link, and no renaming: a token that is there is in use.
    await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EEXIST') throw cause;
    });
  } finally {
    await file.close();
    await rm(temporary, { force: true });
  }
}

/** The token of a data directory; one that was removed is made anew. Throws `unauthorized` where there is none that can be read. */
export async function ownToken(dataDir: string): Promise<string> {
  try {
    return await makeToken(dataDir);
  } catch {
    return readToken(tokenFileOf(dataDir)); // which says what is wrong
  }
}

/** Gives the token that is in a data directory just then, for a server: undefined when there is none, so that removing it is enough. */
export function tokenReader(dataDir: string): () => string | undefined {
  const path = tokenFileOf(dataDir);
  let [seen, token] = ['', undefined as string | undefined];
  return () => {
    const now = printOf(statSync(path, { bigint: true, throwIfNoEntry: false }));
    if (now !== seen) {
      token = undefined;
      if (now !== '') token = readIfAny(path);
      seen = now;
    }
    return token;
  };
}

/** What is another one for a file that was changed, or put in its place. */
function printOf(stats: BigIntStats | undefined): string {
  return stats ? `${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}` : '';
}

function readIfAny(path: string): string | undefined {
  try {
    return readToken(path);
  } catch {
    return undefined; // it lets nobody in
  }
}

/** The token in a file. Throws `unauthorized`. */
export function readToken(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new OptioError('unauthorized', `the token in ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
      remedy: 'Run this as the user whose server it is, or give a token with OPTIO_CODEX_TOKEN.',
    });
  }
  if (/^[\x21-\x7e]{16,}$/.test(text)) return text;
  throw new OptioError('unauthorized', `${path} does not hold a token`, {
    remedy: 'Remove it and start the server again: it makes a new one.',
  });
}
