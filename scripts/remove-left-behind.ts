// Removes what tests have left behind: those that failed, for somebody to look at, and those whose process was killed.
import { readdirSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { removeDirectory } from '../src/hosts/remove.ts';
import { PREFIX } from '../test/support/prefix.ts';

const DAY_MS = 86_400_000;

export interface LeftBehind {
  /** What the paths of such directories begin with (that of the tests). */
  readonly prefix?: string;
  /** What time it is, in milliseconds (now). */
  readonly now?: number;
}

/**
 * Removes the directories that begin so, are ours, and were neither made nor changed for a day. One that is a link, or that
 * belongs to somebody else, is left alone, and so is one with something mounted below it. Gives how many it has removed, and
 * why others are still there.
 */
export async function removeLeftBehind({ prefix = PREFIX, now = Date.now() }: LeftBehind = {}) {
  const parent = dirname(prefix);
  const names = readdirSync(parent).filter((name) => name.startsWith(basename(prefix)));
  const problems: string[] = [];
  let removed = 0;
  for (const path of names.map((name) => join(parent, name))) {
    const seen = await lstat(path).catch(() => undefined); // another one may remove it as well
    // Nobody can set `ctime` to what he likes.
    if (!seen?.isDirectory() || seen.uid !== process.getuid?.() || now - seen.ctimeMs < DAY_MS) continue;
    try {
      await removeDirectory(path);
      removed++;
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { removed, problems };
}

if (import.meta.main) {
  const { removed, problems } = await removeLeftBehind();
  if (removed > 0) console.log(`removed ${removed} directories that earlier tests have left at ${PREFIX}*`);
  for (const problem of problems) console.log(problem);
}
