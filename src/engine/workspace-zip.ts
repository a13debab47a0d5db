import { join } from 'node:path';
import { makeZip } from 'client-zip';
import { OptioError } from '../errors.ts';
import type { DirectoryEntry } from '../hosts/directory-listing.ts';
import type { Host, OpenFile } from '../hosts/host.ts';

/** How many files and directories go into a zip. */
const MAX_ENTRIES = 50_000;
/** How much they may have, in bytes: 4 GiB. */
const MAX_BYTES = 4 * 1024 ** 3;
/** Of the years that a zip knows. */
const [FIRST_DATE, LAST_DATE] = [new Date(1980, 0, 1), new Date(2107, 11, 31)];

export interface ZipBounds {
  readonly maxEntries: number;
  readonly maxBytes: number;
}

interface Entry extends Pick<DirectoryEntry, 'kind' | 'size' | 'modifiedAt'> {
  /** From the workspace on. */
  readonly path: string;
  /** From the directory on that is zipped. */
  readonly name: string;
}

/**
 * A directory below `root`, with all that is in it, as a zip. Nothing is reached through a link, and links are left out, as are
 * the directories of git. All of it is looked at before the first piece comes; what vanishes meanwhile is left out. Undefined when
 * there is no such directory. Throws `message-too-large`, and `path-refused`.
 */
export async function zipDirectory(
  host: Host,
  root: string,
  directory: string,
  bounds: ZipBounds = { maxEntries: MAX_ENTRIES, maxBytes: MAX_BYTES },
): Promise<AsyncIterable<Uint8Array> | undefined> {
  const entries = await entriesOf(host, root, directory, bounds);
  return entries && pieces(host, root, entries, bounds.maxBytes);
}

async function entriesOf(
  host: Host,
  root: string,
  directory: string,
  { maxEntries, maxBytes }: ZipBounds,
): Promise<Entry[] | undefined> {
  const entries: Entry[] = [];
  let bytes = 0;
  const waiting = [''];
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    const listing = await host.listInside(root, join(directory, below) || '.', maxEntries - entries.length + 1);
    if (!listing && below === '') return undefined;
    for (const { name, kind, size, modifiedAt } of listing?.entries ?? []) {
      if (name.toLowerCase() === '.git' || (kind !== 'file' && kind !== 'directory')) continue;
      const place = below === '' ? name : `${below}/${name}`;
      entries.push({ name: place, path: join(directory, place), kind, size, modifiedAt });
      if (kind === 'directory') waiting.push(place);
      bytes += size;
    }
    if (listing?.isPartial || entries.length > maxEntries) throw tooMuch(`more than ${maxEntries} files`);
    if (bytes > maxBytes) throw tooMuch(`more than ${maxBytes} bytes`);
  }
  return entries;
}

async function* pieces(
  host: Host,
  root: string,
  entries: readonly Entry[],
  maxBytes: number,
): AsyncGenerator<Uint8Array, void> {
  let opened: OpenFile | undefined;
  let bytes = 0;
  async function* read(file: OpenFile): AsyncIterable<Uint8Array> {
    for await (const piece of file.pieces) {
      bytes += piece.length; // one may have grown since
      if (bytes > maxBytes) throw tooMuch(`more than ${maxBytes} bytes`);
      yield piece;
    }
    await file.close();
  }
  async function* parts() {
    for (const { kind, name, path, modifiedAt } of entries) {
      // Where it is unpacked a backslash may lead elsewhere.
      const part = { name: name.replaceAll('\\', '_'), lastModified: dated(modifiedAt) };
      if (kind === 'directory') {
        yield part;
        continue;
      }
      opened = await host.openInside(root, path);
      if (opened) yield { ...part, input: read(opened) };
    }
  }
  const reader = makeZip(parts()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await opened?.close(); // whoever reads may have left in the middle of it
    await reader.cancel().catch(() => {});
  }
}

function dated(date: Date): Date {
  return date < FIRST_DATE ? FIRST_DATE : date > LAST_DATE ? LAST_DATE : date;
}

function tooMuch(what: string): OptioError {
  return new OptioError('message-too-large', `${what} do not go into a zip`, {
    remedy: 'Take a directory below, or copy it on the machine itself.',
  });
}
