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

/** How many records are remembered, and for how long after the last look, in milliseconds. */
const MAX_REMEMBERED = 3;
const REMEMBERED_MS = 60_000;

/** The records that somebody looks at just now: one of 50,000 files takes 100 ms to be read, while everybody else waits. */
export class RecordMemory {
  /** By path, the newest last. */
  readonly #records = new Map<string, { readonly fingerprint: string; readonly record: unknown }>();
  #timer: NodeJS.Timeout | undefined;

  recall(path: string, fingerprint: string): unknown {
    const kept = this.#records.get(path);
    if (kept?.fingerprint !== fingerprint) return undefined;
    this.remember(path, fingerprint, kept.record);
    return kept.record;
  }

  remember(path: string, fingerprint: string, record: unknown): void {
    this.#records.delete(path);
    this.#records.set(path, { fingerprint, record });
    for (const oldest of [...this.#records.keys()].slice(0, -MAX_REMEMBERED)) this.#records.delete(oldest);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#records.clear(), REMEMBERED_MS).unref();
  }
}

export interface ReadRecordOptions<R, T> {
  readonly schema: z.ZodType<R>;
  /** Made of it once, as long as it is remembered. */
  readonly make: (record: R) => T;
  readonly memory?: RecordMemory | undefined;
  /** Told why one that is there cannot be read. */
  readonly unreadable?: ((why: OptioError) => void) | undefined;
}

/** What is made of a record; undefined where there is none, or none that can be read. */
export async function readRecord<R, T>(
  host: Host,
  path: string,
  { schema, make, memory, unreadable }: ReadRecordOptions<R, T>,
): Promise<T | undefined> {
  const fingerprint = await host.fingerprint(path);
  if (fingerprint === undefined) return undefined;
  const remembered = memory?.recall(path, fingerprint);
  if (remembered !== undefined) return remembered as T;
  try {
    const text = (await host.readFile(path, { maxBytes: MAX_BYTES })).toString('utf8');
    const made = make(schema.parse(JSON.parse(text)));
    memory?.remember(path, fingerprint, made);
    return made;
  } catch (error) {
    unreadable?.(fromUnknown(error));
    return undefined;
  }
}
