import { randomBytes } from 'node:crypto';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Reserve } from './store.ts';

/** Enough to write down of many runs that they are paused, in bytes. */
const SIZE = 4 * 1024 * 1024;
/** How much has to be free before it is taken back: others need some, too. */
const FREE = 4 * SIZE;

/** A file that is of no use but that it can be removed. */
export class FileReserve implements Reserve {
  readonly #file: string;

  constructor(directory: string) {
    this.#file = join(directory, 'reserve');
  }

  async spend(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  async restore(): Promise<boolean> {
    try {
      if ((await stat(this.#file).catch(() => undefined))?.size === SIZE) return true;
      const { bavail, bsize } = await statfs(join(this.#file, '..'));
      if (bavail * bsize < FREE) return false;
      const file = await open(this.#file, 'w', 0o600);
      try {
        await file.writeFile(randomBytes(SIZE)); // zeros take no space on some disks
        await file.sync();
      } finally {
        await file.close();
      }
      return true;
    } catch {
      await this.spend().catch(() => {}); // half of it is none
      return false;
    }
  }
}
