import { randomUUID } from 'node:crypto';
import { constants, type FileHandle, lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { OptioError } from '../errors.ts';
import { below, ON_THE_WAY, openWithoutLinks, refused, saysAbsent, stepsInside } from './walk.ts';

/** Whoever the workspace belongs to may read it, and nobody is to execute it by mistake. */
const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** Puts a file below `root` without following any link; see `Host.writeInside`. */
export async function writeInside(root: string, path: string, data: Uint8Array): Promise<void> {
  const steps = stepsInside(root, path);
  const name = steps.pop();
  if (name === undefined || /\/\.?$/.test(path)) throw refused(path, 'it names a directory');
  if ([...steps, name].some(isGit)) throw refused(path, 'git would execute what a file there says');
  let directory = await openRoot(root);
  try {
    for (const step of steps) {
      const next = await enter(directory, step);
      await directory.close();
      directory = next;
    }
    await refuseOthers(directory, name, path);
    await putInto(directory, name, data);
  } catch (error) {
    if (error instanceof OptioError) throw error;
    throw refused(path, `it cannot be written (${(error as Error).message})`, error);
  } finally {
    await directory.close();
  }
}

/** Some file systems take upper and lower case for the same. */
function isGit(step: string): boolean {
  return step.toLowerCase() === '.git';
}

async function openRoot(root: string): Promise<FileHandle> {
  try {
    return await openWithoutLinks(stepsInside('/', root), ON_THE_WAY);
  } catch (cause) {
    if (saysAbsent(cause)) throw new OptioError('not-found', `there is no directory ${root}`, { cause });
    throw cause;
  }
}

/** A directory in another one, made where there is none. */
async function enter(directory: FileHandle, step: string): Promise<FileHandle> {
  const place = below(directory, step);
  try {
    return await open(place, ON_THE_WAY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  await mkdir(place, DIRECTORY_MODE).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error; // somebody else has made it, or a link, which the next line refuses
  });
  return open(place, ON_THE_WAY);
}

/** A rename would put the file in the place of a link too, which nobody would expect. */
async function refuseOthers(directory: FileHandle, name: string, path: string): Promise<void> {
  const stat = await lstat(below(directory, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!stat || stat.isFile()) return;
  throw refused(path, stat.isDirectory() ? 'there is a directory' : 'there is something else than a file');
}

/** Whole or not at all. */
async function putInto(directory: FileHandle, name: string, data: Uint8Array): Promise<void> {
  const temporary = below(directory, `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, FILE_MODE);
    try {
      await file.chmod(FILE_MODE); // which the mask of our process would narrow
      await file.writeFile(data);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, below(directory, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
