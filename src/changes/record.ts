import type { z } from 'zod';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';

/** How large a record is at most, in bytes: 50,000 files with their names and fingerprints are some 10 MB. */
const MAX_BYTES = 64 * 1024 * 1024;
/** What is left of that for what else the record says. */
const REST_BYTES = 1024 * 1024;

/** A record of many files, with what else it says. It has as many of them as can be read again, and is partial without the others. */
export function recordOf<T extends { readonly isPartial: boolean }>(
  files: Iterable<unknown>,
  rest: T,
  maxBytes = MAX_BYTES,
): string {
  const entries: string[] = [];
  let bytes = Math.min(REST_BYTES, maxBytes / 2);
  let isPartial = rest.isPartial;
  for (const file of files) {
    const entry = JSON.stringify(file);
    bytes += Buffer.byteLength(entry) + 1;
    if (bytes > maxBytes) {
      isPartial = true;
      break;
    }
    entries.push(entry);
  }
  const others = JSON.stringify({ ...rest, isPartial });
  return `{"files":[${entries.join(',')}],${others.slice(1)}`;
}

/** Reads a record; undefined where there is none, or none that can be read, which is told. */
export async function readRecord<T>(
  host: Host,
  path: string,
  schema: z.ZodType<T>,
  unreadable: (why: OptioError) => void = () => {},
): Promise<T | undefined> {
  if (!(await host.exists(path))) return undefined;
  try {
    const text = (await host.readFile(path, { maxBytes: MAX_BYTES })).toString('utf8');
    return schema.parse(JSON.parse(text));
  } catch (error) {
    unreadable(fromUnknown(error));
    return undefined;
  }
}
