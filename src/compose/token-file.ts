import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OptioError } from '../errors.ts';

const FILE = 'token';

/** Makes the token of a data directory at the first start. Of two processes that do so at once, one makes it and both have it. */
export async function makeToken(dataDir: string): Promise<string> {
  const path = join(dataDir, FILE);
  const temporary = `${path}.${process.pid}.tmp`;
  const file = await open(temporary, 'w', 0o600);
  try {
    await file.writeFile(`oc_${randomBytes(32).toString('base64url')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  // A link, and no renaming: a token that is there is in use.
  await link(temporary, path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
  });
  await rm(temporary, { force: true });
  return readToken(path);
}

/** The token of a data directory. Throws `unauthorized` where there is none that can be read. */
export function readOwnToken(dataDir: string): string {
  return readToken(join(dataDir, FILE));
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
