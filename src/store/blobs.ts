import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Blobs } from './store.ts';

const ID = /^[0-9a-f]{64}$/;

/** Contents as files, each named by its SHA-256: the same content is kept once. */
export class FileBlobs implements Blobs {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  async put(content: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const temporary = join(this.#directory, `.${randomUUID()}`);
    const hash = createHash('sha256');
    try {
      const file = await open(temporary, 'wx', 0o600);
      try {
        for await (const piece of content instanceof Uint8Array ? [content] : content) {
          hash.update(piece);
          await file.appendFile(piece);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      const id = hash.digest('hex');
      await rename(temporary, join(this.#directory, id));
      return id;
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  async read(id: string): Promise<AsyncIterable<Uint8Array>> {
    if (!ID.test(id)) throw new OptioError('invalid-input', `"${id}" names no blob`);
    try {
      return (await open(join(this.#directory, id))).createReadStream();
    } catch (cause) {
      throw new OptioError('not-found', `there is no blob ${id}`, { cause });
    }
  }

  async remove(id: string): Promise<void> {
    if (!ID.test(id)) throw new OptioError('invalid-input', `"${id}" names no blob`);
    await rm(join(this.#directory, id), { force: true });
  }
}
