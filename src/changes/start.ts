import { randomUUID } from 'node:crypto';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type {
  CollectBounds,
  CollectedPlace,
  Collection,
  FileListing,
  Host,
  LeftOut,
  ListedFile,
} from '../hosts/host.ts';
import { type ReadRecordOptions, readRecord, recordOf } from './record.ts';

/** Not what people call the files of a project, and often very many. */
const SKIPPED = ['.git', 'node_modules', '.venv', '__pycache__'];
const MAX_FILES = 50_000;
/** A file with more than this is only named, in bytes. */
export const MAX_FILE_BYTES = 1024 * 1024;
/** What of a start is kept, while a run goes on. */
const BOUNDS: CollectBounds = { maxFileBytes: MAX_FILE_BYTES, maxBytes: 128 * 1024 * 1024, deadlineMs: 3_000 };
/** The file that says what the workspace looked like, in the private directory of the run. */
const RECORD = 'before.json';

/** A file as it was at the start; where that was recorded by an older version, only its fingerprint is known. */
export interface StartFile extends Pick<ListedFile, 'fingerprint'>, Partial<Pick<ListedFile, 'mode' | 'size'>> {
  /** Where what it held is kept, or why it is not. */
  readonly content?: CollectedPlace | LeftOut;
}

/** What a workspace was like at the start of a run. */
export interface Start {
  readonly files: ReadonlyMap<string, StartFile>;
  /** There were more files than we look at. */
  readonly isPartial: boolean;
  /** Where what they held is kept, one after the other; undefined where nothing was. */
  readonly content: string | undefined;
}

/** The files of a workspace, as far as we look. */
export function listWorkspace(host: Host, workspace: string): Promise<FileListing> {
  return host.listFiles(workspace, { skip: SKIPPED, limit: MAX_FILES });
}

/**
 * Looks at a workspace, and keeps what its files hold in the private directory of the run, where no command can read or write.
 * What cannot be kept is no reason to fail: it is only named later.
 */
export async function keepStart(host: Host, workspace: string, directory: string): Promise<Start> {
  const listing = await listWorkspace(host, workspace);
  // A process before us may have died over its own.
  const content = join(directory, `before-${randomUUID()}`);
  let kept: Collection | undefined;
  try {
    const root = await host.realPath(workspace);
    if (root !== undefined) kept = await host.collectFiles(root, listing.files, content, BOUNDS);
  } catch {
    // The disk is full, or the like: whatever there is to be said of it, the run will say it.
  }
  const files = new Map<string, StartFile>();
  for (const [path, listed] of listing.files) files.set(path, { ...listed, content: kept?.get(path) ?? 'not-read' });
  return { files, isPartial: listing.isPartial, content: kept && content };
}

const recordSchema = z.object({
  /** Path, fingerprint, mode, size, and where the content is or why it is nowhere; older records have the first two. */
  files: z.array(z.tuple([z.string(), z.string()]).rest(z.union([z.number(), z.string()]))),
  isPartial: z.boolean(),
  absent: z.array(z.string()),
  /** The name of what holds the content, beside it; older records have none. */
  content: z.string().optional(),
});

/** Writes down what the workspace was like, for whoever goes on with the run or looks on. */
export async function writeStart(
  host: Host,
  directory: string,
  { files, isPartial, content }: Start,
  absent: readonly string[],
): Promise<void> {
  const entries = [...files].map(([path, { fingerprint, mode = 0, size = 0, content: kept = 'not-read' }]) => [
    path,
    fingerprint,
    mode,
    size,
    ...(typeof kept === 'string' ? [kept] : [kept.at, kept.bytes]),
  ]);
  const record = recordOf(entries, { isPartial, absent, content: content && basename(content) });
  await host.writeFile(join(directory, RECORD), record, { durable: false });
}

/** A start that was read again, and what the workspace did not have. */
export interface ReadStart {
  readonly start: Start;
  readonly absent: readonly string[];
}

/** Reads it again; undefined where nothing is written down, or nothing that can be read. */
export function readStart(
  host: Host,
  directory: string,
  more: Pick<ReadRecordOptions<unknown, unknown>, 'memory' | 'unreadable'> = {},
): Promise<ReadStart | undefined> {
  const make = (record: z.infer<typeof recordSchema>) => startOf(directory, record);
  return readRecord(host, join(directory, RECORD), { schema: recordSchema, make, ...more });
}

function startOf(directory: string, { files, isPartial, absent, content }: z.infer<typeof recordSchema>): ReadStart {
  const found = new Map<string, StartFile>();
  for (const [name, fingerprint, mode, size, at, bytes] of files) {
    if (typeof mode !== 'number' || typeof size !== 'number') found.set(name, { fingerprint });
    else if (typeof at === 'number' && typeof bytes === 'number')
      found.set(name, { fingerprint, mode, size, content: { at, bytes } });
    else found.set(name, { fingerprint, mode, size, content: at as LeftOut });
  }
  const place = content === undefined ? undefined : join(directory, basename(content));
  return { start: { files: found, isPartial, content: place }, absent };
}
