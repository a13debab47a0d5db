import { dirname, relative, sep } from 'node:path';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';

/** Codex makes these read-only right below each directory that is listed as writable. */
const PROTECTED = ['.git', '.agents', '.codex', '.aws'];

/** What the profile lists, in real paths. */
export interface AnchorOptions {
  readonly host: Host;
  readonly denied: readonly string[];
  readonly writable: readonly string[];
  readonly readable: readonly string[];
}

/**
 * The directories above a listed path in which commands may write, to be listed as writable themselves: each becomes a
 * mount point, which no command in the sandbox can rename, replace or remove. Otherwise the next command would find
 * what is denied under a name that nobody has denied; or a link in the place of what is writable, and all that it leads
 * to would be writable too.
 *
 * For the same reason nothing is given that is not there: a command could make it a link.
 */
export async function findAnchors({ host, denied, writable, readable }: AnchorOptions): Promise<string[]> {
  const open = [...writable, ...readable];
  const listed = [...denied, ...open];
  const anchors = listed
    .flatMap((path) => directoriesAbove(path))
    .filter((path) => mayBeRenamed(path, writable, open))
    // Below an anchor they stay as writable as they were.
    .flatMap((path) => [path, ...PROTECTED.map((name) => `${path}/${name}`)]);
  const others = [...new Set(anchors)].filter((path) => !listed.includes(path));
  const real = await Promise.all(others.map((path) => host.realPath(path)));
  return others.filter((path, index) => real[index] === path);
}

/** From the root downwards. */
function directoriesAbove(path: string): string[] {
  const directory = dirname(path);
  return directory === path ? [] : [...directoriesAbove(directory), directory];
}

/** What is open and closest above a directory says whether commands may rename it. */
function mayBeRenamed(path: string, writable: readonly string[], open: readonly string[]): boolean {
  const [closest] = open.filter((other) => isWithin(other, path)).toSorted((a, b) => b.length - a.length);
  if (closest === undefined || closest === path || !writable.includes(closest)) return false;
  const [first = ''] = relative(closest, path).split(sep);
  return !PROTECTED.includes(first);
}
