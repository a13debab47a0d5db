import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Check } from './contract/doctor.ts';
import { firstWritable, type Writer, withAncestors } from './hosts/writable.ts';

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

async function contentsOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name));
}
