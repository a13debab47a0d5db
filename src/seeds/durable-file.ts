import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a file there, whole or not at all, for nobody but us; on the disk when it resolves. */
export async function putDurably(path: string, content: string | Buffer): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeThrough(await open(temporary, 'w', 0o600), content);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes over what was put somewhere to keep room for it, which therefore works on a full disk too, and moves that to its place. */
export async function putInto(reserved: string, path: string, content: string): Promise<void> {
  const file = await open(reserved, 'r+');
  await writeThrough(file, content, true);
  await rename(reserved, path);
  await syncDirectory(dirname(path));
}

/** For nobody but us, with those above it that are missing. */
export async function makePrivateDirectory(path: string): Promise<void> {
  const made = await mkdir(path, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncDirectory(dirname(made));
}

export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path);
  await directory.sync().finally(() => directory.close());
}

async function writeThrough(file: FileHandle, content: string | Buffer, isOver = false): Promise<void> {
  try {
    await file.writeFile(content); // in as many parts as it takes: a disk that is nearly full takes less at a time
    if (isOver) await file.truncate(Buffer.byteLength(content));
    await file.sync();
  } finally {
    await file.close();
  }
}
