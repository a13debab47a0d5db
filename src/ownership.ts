import { lstat, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from './contract/doctor.ts';

/** Whose commands they are that could write. */
export interface Writer {
  readonly uid: number;
  readonly gids: readonly number[];
}

export interface OwnershipOptions {
  readonly writer: Writer;
  /** What codex executes and reads of itself; a real path. */
  readonly packageDir: string;
  /** Where the private home of each run lies, at whatever depth; a real path. */
  readonly dataDir: string;
}

/**
 * An accepted request may write anywhere as this user. Where that user may write what codex executes, or a directory
 * above it or above our data, one accepted command can put something else in its place, and the next command runs
 * unconfined. The data directory itself is denied, so that no command can change what is in it or rename it.
 */
export async function checkOwnership({ writer, packageDir, dataDir }: OwnershipOptions): Promise<Check> {
  const [aboveCodex, ofCodex, aboveData] = await Promise.all([
    firstWritable(writer, withAncestors(dirname(packageDir))),
    firstWritable(writer, [packageDir, ...(await contentsOf(packageDir))]),
    firstWritable(writer, withAncestors(dirname(dataDir))),
  ]);
  const codex = aboveCodex ?? ofCodex;
  if (codex === undefined && aboveData === undefined)
    return { name: 'ownership', status: 'ok', detail: 'what codex executes is not yours to change' };
  const places =
    aboveCodex !== undefined && aboveCodex === aboveData
      ? [`${aboveCodex}, which holds codex and our data`]
      : [
          ...(codex ? [`${codex}, which ${aboveCodex ? 'holds' : 'is part of'} codex`] : []),
          ...(aboveData ? [`${aboveData}, which holds our data`] : []),
        ];
  const isRoot = writer.uid === 0;
  return {
    name: 'ownership',
    status: 'warning',
    detail: `a command that you approve could replace what codex executes: you${isRoot ? ' are root, and' : ''} may write ${places.join(', and ')}`,
    remedy: `This matters only if you approve requests that are not confined to the workspace: after one of them the next command could run without any sandbox. To rule that out, ${isRoot ? FOR_ROOT : cureFor(codex, aboveData)}. Or approve only what you understand.`,
  };
}

const FOR_ROOT =
  'run optio-codex as an ordinary user who may write neither codex, nor a directory above it or above our data';

function cureFor(codex: string | undefined, aboveData: string | undefined): string {
  const cures = [
    ...(codex ? ['let another user, such as root, own codex and every directory above it'] : []),
    ...(aboveData ? ['name a data directory of yours that lies in one of root (OPTIO_CODEX_HOME)'] : []),
  ];
  return cures.join(', and ');
}

/** From the root downwards, so that the first one that is found is the one that everything below hangs on. */
function withAncestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [path] : [...withAncestors(parent), path];
}

async function contentsOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name));
}

async function firstWritable(writer: Writer, paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await mayWrite(writer, path)) return path;
  return undefined;
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
