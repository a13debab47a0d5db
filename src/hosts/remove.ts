import { existsSync } from 'node:fs';
import {
  chmod,
  constants,
  type FileHandle,
  lstat,
  open,
  readdir,
  readFile,
  realpath,
  rmdir,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OptioError } from '../errors.ts';
import { isWithin } from './paths.ts';

const DIRECTORY = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
/** Where Linux shows open files; on a system without it directories are gone through by their names. */
const OPEN_FILES = '/proc/self/fd';
const SLASH = Buffer.from('/');

/** Something to remove: how we reach it, and what a person calls it. */
interface Doomed {
  readonly path: Buffer;
  readonly name: string;
  /** The file system that it has to be on. */
  readonly device: number;
}

/**
 * Removes a directory with all it holds. Refuses when anything is mounted there: a command could have bound a
 * directory of the machine into the workspace, and a removal would empty that one. Never goes through a link or onto
 * another file system. What is gone already is no failure. Throws `path-refused`.
 */
export async function removeDirectory(path: string): Promise<void> {
  const parent = await unlessGone(path, realpath(dirname(resolve(path))));
  if (parent === undefined) return;
  const root = join(parent, basename(path)); // the mount table knows real paths only
  const stat = await unlessGone(root, lstat(root));
  if (!stat) return;
  if (!stat.isDirectory()) throw new OptioError('path-refused', `${root} is not a directory and is not removed`);
  await refuseMounts(root);
  await removeTree({ path: Buffer.from(root), name: root, device: stat.dev });
}

/** Holds each directory open while it empties it, so that nobody can put a link in its place meanwhile. */
async function removeTree({ path, name, device }: Doomed): Promise<void> {
  const directory = await unlessGone(name, openDirectory(path));
  if (!directory) return;
  try {
    const stat = await directory.stat();
    if (stat.dev !== device) throw mounted(name);
    // The agent may have locked a directory of its own; it belongs to us all the same.
    if ((stat.mode & 0o700) !== 0o700) await unlessGone(name, directory.chmod(0o700));
    const inside = existsSync(OPEN_FILES) ? Buffer.from(`${OPEN_FILES}/${directory.fd}`) : path;
    // As bytes, for a name need not be UTF-8.
    for (const entry of await readdir(inside, { withFileTypes: true, encoding: 'buffer' })) {
      const child = {
        path: Buffer.concat([inside, SLASH, entry.name]),
        name: join(name, entry.name.toString()),
        device,
      };
      if (entry.isDirectory()) await removeTree(child);
      else await unlessGone(child.name, unlink(child.path));
    }
  } finally {
    await directory.close();
  }
  await unlessGone(name, rmdir(path));
}

/** Opens a directory, also one that may not be read. */
async function openDirectory(path: Buffer): Promise<FileHandle> {
  try {
    return await open(path, DIRECTORY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EACCES') throw error;
    await chmod(path, 0o700);
    return open(path, DIRECTORY);
  }
}

async function refuseMounts(root: string): Promise<void> {
  for (const mountPoint of await readMountPoints()) {
    if (isWithin(root, mountPoint)) throw mounted(mountPoint);
  }
}

/** Where things are mounted. A bind mount within one file system shows here and nowhere else. */
async function readMountPoints(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8').catch(() => '');
  return table.split('\n').flatMap((line) => {
    const mountPoint = line.split(' ')[4];
    return mountPoint
      ? [mountPoint.replace(/\\(\d{3})/g, (_, octal) => String.fromCharCode(Number.parseInt(octal, 8)))]
      : [];
  });
}

/** Undefined for what is gone already; any other failure is told with the name of what it befell. */
async function unlessGone<T>(name: string, act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new OptioError('internal', `${name} cannot be removed: ${message}`, { cause: error });
  }
}

function mounted(path: string): OptioError {
  return new OptioError('path-refused', `something is mounted at ${path}, so nothing there is removed`, {
    remedy: `Look at it, unmount it (umount ${path}), and remove the directory by hand.`,
  });
}
