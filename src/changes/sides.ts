import type { ChangedFile } from '../contract/outcome.ts';
import type { WithoutLines } from '../contract/workspace-change.ts';
import type { CollectedPlace, Collection, FileListing, Host, LeftOut, ListedFile } from '../hosts/host.ts';
import { MAX_FILE_BYTES, type Start } from './start.ts';

/** How much of each side is read, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;
const DEADLINE_MS = 5_000;
const REGULAR = 0o100000;

/** What a file held: its text, nothing at all, or why there is no text. */
export type Side = Buffer | 'absent' | WithoutLines;

export interface Sides {
  readonly before: Side;
  readonly after: Side;
  /** Why they are not compared line by line; null where they can be. */
  readonly without: WithoutLines | null;
}

export interface SidesOptions {
  readonly host: Host;
  readonly workspace: string;
  readonly start: Start;
  readonly now: FileListing;
  readonly changed: readonly ChangedFile[];
  /** Where the files as they are now are copied to for that, over no link. */
  readonly into: string;
}

/** What changed files held at the start and hold now. */
export async function readSides(options: SidesOptions): Promise<Sides[]> {
  const { host, start, now, changed } = options;
  const before = changed.map(({ path }): Place => {
    const file = start.files.get(path);
    if (!file) return 'absent';
    if (file.mode !== undefined && !isRegular(file.mode)) return 'no-file';
    return told(file.content ?? 'not-read');
  });
  const collected = await collect(options);
  const after = changed.map(({ path }): Place => {
    const file = now.files.get(path);
    if (!file) return 'absent';
    return isRegular(file.mode) ? told(collected.get(path) ?? 'not-read') : 'no-file';
  });
  const sides = [await read(host, start.content, before), await read(host, options.into, after)] as const;
  return changed.map((_, index) => {
    const [was = 'not-kept', is = 'not-kept'] = [sides[0][index], sides[1][index]];
    return { before: was, after: is, without: is === 'no-file' ? is : (reason(was) ?? reason(is)) };
  });
}

/** What a side is said to be: a place to be read, nothing, or a reason. */
type Place = CollectedPlace | Exclude<Side, Buffer>;

async function collect({ host, workspace, now, changed, into }: SidesOptions): Promise<Collection> {
  const files = new Map<string, ListedFile>();
  for (const { path } of changed) {
    const file = now.files.get(path);
    if (file) files.set(path, file);
  }
  const bounds = { maxFileBytes: MAX_FILE_BYTES, maxBytes: MAX_BYTES, deadlineMs: DEADLINE_MS };
  return host.collectFiles(workspace, files, into, bounds);
}

/** Reads as much of it as there is room for. */
async function read(host: Host, path: string | undefined, places: readonly Place[]): Promise<Side[]> {
  let bytes = 0;
  const wanted: CollectedPlace[] = [];
  const sides = places.map((place): Side | CollectedPlace => {
    if (typeof place === 'string') return place;
    if (bytes + place.bytes > MAX_BYTES) return 'too-many';
    bytes += place.bytes;
    wanted.push(place);
    return place;
  });
  const texts = path === undefined || wanted.length === 0 ? [] : await host.readCollected(path, wanted);
  let next = 0;
  return sides.map((side) => {
    if (typeof side === 'string' || side instanceof Buffer) return side;
    return texts[next++] ?? 'not-kept';
  });
}

function told(content: CollectedPlace | LeftOut): Place {
  return content === 'not-read' ? 'not-kept' : content;
}

function reason(side: Side): WithoutLines | null {
  return typeof side !== 'string' || side === 'absent' ? null : side;
}

function isRegular(mode: number): boolean {
  return (mode & 0o170000) === REGULAR;
}
