import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Database } from './database.ts';
import { toStoreError } from './node-sqlite.ts';
import type { Blobs } from './store.ts';

const ID = /^[0-9a-f]{64}$/;
/** What the names of files begin with that are not written to their end. */
const UNFINISHED = '.';

/** Contents as files, each named by its SHA-256: the same content is kept once. A table says who uses which. */
export class FileBlobs implements Blobs {
  readonly #db: Database;
  readonly #directory: string;

  constructor(db: Database, directory: string) {
    this.#db = db;
    this.#directory = directory;
  }

  async put(usedBy: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const temporary = join(this.#directory, `${UNFINISHED}${randomUUID()}`);
    try {
      const id = await write(temporary, content);
      // The use comes first: whoever releases the same content just then leaves it, or has removed it before we put ours.
      await this.#db.write(true, async (transaction) => {
        const use = transaction.insertInto('blob_uses').values({ blob_id: id, used_by: usedBy });
        await use.onConflict((conflict) => conflict.doNothing()).execute();
      });
      await rename(temporary, this.#fileOf(id));
      await sync(this.#directory);
      return id;
    } catch (error) {
      await rm(temporary, { force: true });
      throw toStoreError(error);
    }
  }

  async read(id: string): Promise<AsyncIterable<Uint8Array>> {
    if (!ID.test(id)) throw new OptioError('invalid-input', `"${id}" names no blob`);
    try {
      return (await open(this.#fileOf(id))).createReadStream();
    } catch (cause) {
      throw new OptioError('not-found', `there is no blob ${id}`, { cause });
    }
  }

  async release(usedBy: string): Promise<void> {
    await this.#db.write(false, async (transaction) => {
      const released = await transaction
        .deleteFrom('blob_uses')
        .where('used_by', '=', usedBy)
        .returning('blob_id')
        .execute();
      for (const { blob_id: id } of released) {
        const isUsed = transaction.selectFrom('blob_uses').select('used_by').where('blob_id', '=', id);
        if (await isUsed.executeTakeFirst()) continue;
        // Before it is written that nobody uses it: when we die in between, it is found again.
        await rm(this.#fileOf(id), { force: true });
      }
    });
  }

  /** Removes what a process has left that died while it wrote a content; what stays is in nobody's way. */
  async discardUnfinished(): Promise<void> {
    const names = await readdir(this.#directory).catch(() => []);
    const unfinished = names.filter((name) => name.startsWith(UNFINISHED));
    await Promise.allSettled(unfinished.map((name) => rm(join(this.#directory, name), { force: true })));
  }

  #fileOf(id: string): string {
    return join(this.#directory, id);
  }
}

/** Writes a content, on disk when it resolves, and gives its SHA-256. */
async function write(path: string, content: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const piece of content instanceof Uint8Array ? [content] : content) {
      hash.update(piece);
      await file.appendFile(piece);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}

/** Lets the names in a directory be on disk. */
async function sync(directory: string): Promise<void> {
  const file = await open(directory);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
