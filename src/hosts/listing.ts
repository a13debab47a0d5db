import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileListing, ListedFile, ListOptions } from './host.ts';

/** How many files are looked at in one go. */
const BATCH = 64;

/** Lists the files below a directory; see `Host.listFiles`. What vanishes meanwhile is left out. */
export async function listFiles(root: string, options: ListOptions): Promise<FileListing> {
  const files = new Map<string, ListedFile>();
  const directories = [''];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    const entries = await readEntries(join(root, directory));
    const names: string[] = [];
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (!entry.isDirectory()) names.push(path);
      else if (!options.skip.includes(entry.name)) directories.push(path);
    }
    for (let at = 0; at < names.length; at += BATCH) {
      const batch = names.slice(at, at + BATCH);
      const stats = await Promise.all(batch.map((path) => lstat(join(root, path)).catch(() => undefined)));
      for (const [index, path] of batch.entries()) {
        const stat = stats[index];
        if (!stat) continue;
        if (files.size >= options.limit) return { files, isPartial: true };
        files.set(path, { fingerprint: fingerprint(stat), mode: stat.mode, size: stat.size });
      }
    }
  }
  return { files, isPartial: false };
}

/** The time of the last change of an inode can't be set back by whoever changes it. */
export function fingerprint(stat: Stats): string {
  return `${stat.ino}:${stat.size}:${stat.mode}:${stat.ctimeMs}`;
}

async function readEntries(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch(() => []);
}
