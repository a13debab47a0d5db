import type { Stats } from 'node:fs';
import { constants, type FileHandle, lstat, opendir } from 'node:fs/promises';
import type { DirectoryEntry, DirectoryListing } from './directory-listing.ts';
import { below, openWithoutLinks, saysAbsent, stepsInside } from './walk.ts';

/** How many entries are looked at in one go. */
const BATCH = 64;
/** No date is further from 1970, in milliseconds; files may say that they are. */
const FURTHEST_MS = 8.64e15;

/** Lists a directory below `root` without following any link; see `Host.listInside`. What vanishes meanwhile is left out. */
export async function listInside(root: string, path: string, limit: number): Promise<DirectoryListing | undefined> {
  const steps = [...stepsInside('/', root), ...stepsInside(root, path)];
  const directory = await openWithoutLinks(steps, constants.O_RDONLY | constants.O_DIRECTORY).catch((error) => {
    if (saysAbsent(error)) return undefined;
    throw error;
  });
  if (!directory) return undefined;
  try {
    const { names, isPartial } = await readNames(directory, limit);
    const entries: DirectoryEntry[] = [];
    for (let at = 0; at < names.length; at += BATCH) {
      const batch = names.slice(at, at + BATCH).map((name) => look(directory, name));
      entries.push(...(await Promise.all(batch)).filter((entry) => entry !== undefined));
    }
    return { entries, isPartial };
  } finally {
    await directory.close();
  }
}

/** Sorted; no more are kept than are asked for, however many there are. */
async function readNames(directory: FileHandle, limit: number): Promise<{ names: string[]; isPartial: boolean }> {
  const names: string[] = [];
  for await (const { name } of await opendir(below(directory, '.'))) {
    if (names.length === limit) return { names: names.sort(), isPartial: true };
    names.push(name);
  }
  return { names: names.sort(), isPartial: false };
}

async function look(directory: FileHandle, name: string): Promise<DirectoryEntry | undefined> {
  const stat = await lstat(below(directory, name)).catch(() => undefined);
  if (!stat) return undefined;
  const kind = kindOf(stat);
  return { name, kind, size: kind === 'file' ? stat.size : 0, modifiedAt: dateOf(stat.mtimeMs) };
}

/** The date of a time in milliseconds; of one that is too far away for that, the furthest there is. */
export function dateOf(ms: number): Date {
  return new Date(Math.max(-FURTHEST_MS, Math.min(FURTHEST_MS, ms)));
}

function kindOf(stat: Stats): DirectoryEntry['kind'] {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  return stat.isSymbolicLink() ? 'link' : 'other';
}
