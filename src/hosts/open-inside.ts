import { constants, type FileHandle } from 'node:fs/promises';
import type { OpenFile } from './host.ts';
import { openWithoutLinks, refused, saysAbsent, stepsInside } from './walk.ts';

const PIECE_BYTES = 64 * 1024;

/** Opens a regular file below `root`; see `Host.openInside`. */
export async function openInside(root: string, path: string): Promise<OpenFile | undefined> {
  const file = await openHandleInside(root, path);
  if (!file) return undefined;
  try {
    const { size } = await file.stat();
    return { size, pieces: piecesOf(file, size), close: () => file.close() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The same, for whoever reads by himself and closes it. */
export async function openHandleInside(root: string, path: string): Promise<FileHandle | undefined> {
  const steps = stepsInside(root, path);
  if (steps.length === 0) throw refused(path, 'it names a directory');
  let file: FileHandle | undefined;
  try {
    // A pipe would otherwise keep us until somebody writes to it.
    file = await openWithoutLinks([...stepsInside('/', root), ...steps], constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
  } catch (error) {
    await file?.close();
    if (saysAbsent(error)) return undefined;
    throw error;
  }
  await file.close();
  return undefined;
}

/** As much as there was when it was opened; less when it is cut meanwhile. */
async function* piecesOf(file: FileHandle, size: number): AsyncIterable<Uint8Array> {
  for (let at = 0; at < size; ) {
    const piece = Buffer.allocUnsafe(Math.min(PIECE_BYTES, size - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield piece.subarray(0, bytesRead);
  }
}
