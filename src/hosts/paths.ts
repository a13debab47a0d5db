import { readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { ReadOptions } from './host.ts';
import { openHandleInside } from './open-inside.ts';
import { refused } from './walk.ts';

/** True when `path` is `root` or below it, going by the names alone. Both absolute. */
export function isWithin(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/**
 * Where a path, given relative to `root` or absolute, really is. What does not exist yet is judged by the deepest
 * directory that does. Throws `path-refused` when it lies outside `root`.
 */
export async function resolveInside(root: string, path: string): Promise<string> {
  const realRoot = await realpath(root);
  const real = await realpathOfDeepest(resolve(realRoot, path)).catch((cause) => {
    throw refused(path, `it leads nowhere (${cause.message})`, cause);
  });
  if (!isWithin(realRoot, real)) throw refused(path, `it leads out of ${root}`);
  return real;
}

/**
 * Reads a regular file below `root`, a real path, following no link. Undefined when there is no such file, or a link or
 * something else in its place. At most `maxBytes` are read, from its start or from its end.
 */
export async function readInside(
  root: string,
  path: string,
  { maxBytes, part = 'start' }: Pick<ReadOptions, 'part'> & Required<Pick<ReadOptions, 'maxBytes'>>,
): Promise<Buffer | undefined> {
  const file = await openHandleInside(root, path);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const from = part === 'end' ? size - buffer.length : 0;
    const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

async function realpathOfDeepest(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === path) throw error;
    const place = join(await realpathOfDeepest(parent), basename(path));
    // It may be a link to what does not exist yet: whoever writes there makes it.
    const target = await readlink(place).catch(() => undefined);
    return target === undefined ? place : realpathOfDeepest(resolve(dirname(place), target));
  }
}
