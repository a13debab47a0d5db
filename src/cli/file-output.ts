import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { fromUnknown, OptioError } from '../errors.ts';

/**
 * Writes a file whole or not at all: until then it has another name. Throws `invalid-input` when it cannot be written, and
 * whatever `pieces` throws.
 */
export async function writeWhole(path: string, pieces: AsyncIterable<string | Uint8Array>): Promise<void> {
  const partial = `${path}.${randomUUID().slice(0, 8)}.part`;
  const file = await open(partial, 'wx').catch((cause) => {
    throw unwritable(path, cause);
  });
  try {
    for await (const piece of pieces) await file.writeFile(piece);
    await file.close();
    await rename(partial, path).catch((cause) => {
      throw unwritable(path, cause);
    });
  } catch (thrown) {
    await file.close().catch(() => {}); // what went wrong before says more
    await rm(partial, { force: true });
    throw thrown;
  }
}

function unwritable(path: string, cause: unknown): OptioError {
  return new OptioError('invalid-input', `${path} cannot be written: ${fromUnknown(cause).message}`, {
    cause,
    remedy: 'Name another file.',
  });
}
