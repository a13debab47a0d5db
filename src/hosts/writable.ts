import { lstat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whose commands they are that could write. */
export interface Writer {
  readonly uid: number;
  readonly gids: readonly number[];
}

/** The first of these paths that somebody may write: whose content he may change, be it a file or a directory. */
export async function firstWritable(writer: Writer, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await mayWrite(writer, path)) return path;
  return undefined;
}

/** From the root downwards, so that the first one that is found is the one that everything below hangs on. */
export function withAncestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...withAncestors(parent), path];
}

/**
 * By owner and mode, and not by asking whether we may: root always may, but its commands have no capabilities in the
 * sandbox, accepted ones neither, so that this holds for them as for anybody's.
 */
async function mayWrite({ uid, gids }: Writer, path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  // A link is replaced by whoever may write the directory that it is in.
  if (found === undefined || found.isSymbolicLink()) return false;
  if (found.uid === uid) return true; // who may also change the mode
  // What is in a sticky directory is replaced by its owner only, and that is seen by itself.
  if (found.isDirectory() && (found.mode & 0o1000) !== 0) return false;
  return (found.mode & (gids.includes(found.gid) ? 0o020 : 0o002)) !== 0;
}
