import { constants, type FileHandle, open, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { OptioError } from '../errors.ts';
import type { ReadOptions } from './host.ts';

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
 * Reads a regular file below `root`, opening one directory after the other and refusing links on the way: a check
 * followed by an open could be overtaken by whoever writes there. Undefined when there is no such file, or a link or
 * something else in its place. At most `maxBytes` are read, from its start or from its end.
 */
export async function readInside(
  root: string,
  path: string,
  { maxBytes, part = 'start' }: Pick<ReadOptions, 'part'> & Required<Pick<ReadOptions, 'maxBytes'>>,
): Promise<Buffer | undefined> {
  if (path.includes('\0')) throw refused(path, 'it holds a zero byte');
  const steps = relative(root, resolve(root, path)).split(sep);
  if (steps.includes('..') || steps[0] === '') throw refused(path, `it leads out of ${root}`);
  let directory: FileHandle | undefined;
  try {
    directory = await open(root, constants.O_RDONLY | constants.O_DIRECTORY);
    for (const [index, step] of steps.entries()) {
      const isLast = index === steps.length - 1;
      const flags =
        constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | (isLast ? 0 : constants.O_DIRECTORY);
      const next: FileHandle = await open(`/proc/self/fd/${directory.fd}/${step}`, flags);
      await directory.close();
      directory = next;
    }
    const stat = await directory.stat();
    if (!stat.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(stat.size, maxBytes));
    const from = part === 'end' ? stat.size - buffer.length : 0;
    const { bytesRead } = await directory.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES', 'ENXIO', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw error;
  } finally {
    await directory?.close();
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

function refused(path: string, why: string, cause?: unknown): OptioError {
  return new OptioError('path-refused', `${path} is refused: ${why}`, { cause });
}
