import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** How many are told. */
const MAX_DIRECTORIES = 100;

/**
 * The directories that begin with a path, for whoever types one. What cannot be read has none, and our own data directory is not
 * looked into: nothing in there is a place to work in.
 */
export async function completeDirectory(path: string, dataDir: string): Promise<string[]> {
  const typed =
    path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1), path.endsWith('/') ? '/' : '') : path;
  if (!isAbsolute(typed)) return [];
  const parent = typed.endsWith('/') ? resolve(typed) : dirname(resolve(typed));
  const begun = typed.endsWith('/') ? '' : basename(typed);
  const real = await realOf(parent);
  const ours = await realOf(dataDir);
  if (real === undefined || (ours !== undefined && isWithin(real, ours))) return [];
  const names = (await entriesOf(real)).flatMap((entry) => (fits(entry, begun) ? [entry.name] : []));
  return names
    .sort()
    .slice(0, MAX_DIRECTORIES)
    .map((name) => join(parent, name));
}

function fits(entry: Dirent, begun: string): boolean {
  if (!entry.isDirectory() || !entry.name.startsWith(begun)) return false;
  return begun.startsWith('.') || !entry.name.startsWith('.');
}

function realOf(path: string): Promise<string | undefined> {
  return realpath(path).catch(() => undefined);
}

function entriesOf(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => []);
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way === '' || (!way.startsWith('..') && !isAbsolute(way));
}
