import { randomUUID } from 'node:crypto';
import { constants, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { WriteOptions } from './host.ts';

/** Reads the whole of a regular file; see `Host.readFile`. */
export async function readWhole(path: string, maxBytes: number): Promise<Buffer> {
  // A pipe would otherwise keep us until somebody writes to it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((cause: NodeJS.ErrnoException) => {
    throw new OptioError('not-found', `${path} cannot be read: ${cause.message}`, { cause });
  });
  try {
    const isFile = (await file.stat()).isFile();
    if (!isFile) throw new OptioError('not-found', `${path} cannot be read: it is not a regular file`);
    const chunks: Buffer[] = [];
    let bytes = 0;
    // The size that a file has told counts for nothing: it may grow, and those of /proc tell none.
    for await (const chunk of file.createReadStream({ end: maxBytes, autoClose: false })) {
      chunks.push(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
    if (bytes > maxBytes) throw new OptioError('message-too-large', `${path} has more than ${maxBytes} bytes`);
    return Buffer.concat(chunks, bytes);
  } finally {
    await file.close();
  }
}

/** Writes a file so that it is there whole or not at all; see `Host.writeFile`. */
export async function writeWhole(path: string, data: string | Buffer, options: WriteOptions): Promise<void> {
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    const file = await open(temporary, 'wx', options.mode ?? 0o600);
    try {
      await file.writeFile(data);
      if (options.durable ?? true) await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
