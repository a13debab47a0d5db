import { constants, type FileHandle, open } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { OptioError } from '../errors.ts';

/** Enough to go on from, also in a directory that we may go through and not read. Node has no name for it. */
const O_PATH = 0o10000000;
/** What a directory on the way is opened as: a link in its place is refused. */
export const ON_THE_WAY = O_PATH | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** What the system says where there is nothing, a link, something else than was looked for, or nothing for us. */
const ABSENT = ['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES', 'ENXIO', 'ENAMETOOLONG'];

/**
 * The names on the way from `root` to a path below it, which is relative to `root` or absolute; none for `root` itself.
 * Throws `path-refused` for one that leads out.
 */
export function stepsInside(root: string, path: string): string[] {
  if (path.includes('\0')) throw refused(path, 'it holds a zero byte');
  const steps = relative(root, resolve(root, path)).split(sep);
  if (steps.includes('..')) throw refused(path, `it leads out of ${root}`);
  return steps[0] === '' ? [] : steps;
}

/**
 * Opens what lies at the end of these steps from the root of the machine on, one directory after the other, and follows no
 * link: a check followed by an open could be overtaken by whoever writes there. Throws what the system throws.
 */
export async function openWithoutLinks(steps: readonly string[], flags: number): Promise<FileHandle> {
  let handle = await open('/', ON_THE_WAY);
  for (const [index, step] of steps.entries()) {
    const isLast = index === steps.length - 1;
    handle = await goOn(handle, step, isLast ? flags : ON_THE_WAY);
  }
  return handle;
}

/** Where what an open directory holds under this name can be reached, wherever the directory itself has gone. */
export function below(directory: FileHandle, name: string): string {
  return `/proc/self/fd/${directory.fd}/${name}`;
}

/** Goes on to what a directory holds, and closes the directory. */
async function goOn(directory: FileHandle, name: string, flags: number): Promise<FileHandle> {
  try {
    return await open(below(directory, name), flags | constants.O_NOFOLLOW);
  } finally {
    await directory.close();
  }
}

/** Whether it says that what was looked for is not there. */
export function saysAbsent(error: unknown): boolean {
  return ABSENT.includes((error as NodeJS.ErrnoException).code ?? '');
}

export function refused(path: string, why: string, cause?: unknown): OptioError {
  return new OptioError('path-refused', `${path} is refused: ${why}`, {
    cause,
    remedy: 'Give another one: of a file or a directory in there, reached over no link, and not in .git.',
  });
}
