import { join } from 'node:path';
import { z } from 'zod';
import { workspaceChangeSchema } from '../contract/workspace-change.ts';
import type { CollectedPlace, Host } from '../hosts/host.ts';
import type { ComparedFile, Comparison } from './comparison.ts';
import { type RecordMemory, readRecord, recordOf } from './record.ts';

/** What was different at the end, and the lines of it, in the directory of what is kept of a run. */
const RECORD = 'changes.json';
const LINES = 'changes.hunks';
/** How much of lines is kept of a run, in bytes. */
const MAX_BYTES = 16 * 1024 * 1024;

const endSchema = z.object({
  files: z.array(
    z.object({
      change: workspaceChangeSchema,
      /** Where its lines are: from which byte on, and how many. */
      place: z.tuple([z.number(), z.number()]).optional(),
    }),
  ),
  isPartial: z.boolean(),
  note: z.string().nullable(),
});

/** What a run had changed when it ended. */
export type End = Pick<Comparison, 'files' | 'isPartial' | 'note'>;

/** Where something of a run is kept until it is removed, below the data directory. */
export function keptDirectory(data: string, runId: string): string {
  return join(data, 'kept', runId);
}

/** Where we put things for a moment, below the data directory. */
export function scratchDirectory(data: string): string {
  return join(data, 'scratch');
}

/** Keeps what is different at the end, whatever becomes of the workspace. */
export async function keepEnd(host: Host, directory: string, { files, isPartial, note }: End): Promise<void> {
  const lines: Buffer[] = [];
  let bytes = 0;
  const entries = files.map(({ change, hunks }) => {
    const text = Buffer.from(hunks);
    if (text.length === 0) return { change };
    if (bytes + text.length > MAX_BYTES) return { change: { ...change, without: 'too-many' as const } };
    const place = [bytes, text.length];
    bytes += text.length;
    lines.push(text);
    return { change, place };
  });
  await host.makeDirectory(directory);
  await host.writeFile(join(directory, LINES), Buffer.concat(lines), { durable: false });
  // It comes last: who finds it finds the lines.
  await host.writeFile(join(directory, RECORD), recordOf(entries, { isPartial, note }));
}

/** Forgets it. */
export async function clearEnd(host: Host, directory: string): Promise<void> {
  await host.removeDirectory(directory);
}

export async function hasEnd(host: Host, directory: string): Promise<boolean> {
  return host.exists(join(directory, RECORD));
}

/** Reads it again, with the lines of the files that are asked for; undefined where nothing was kept, or nothing that can be read. */
export async function readEnd(
  host: Host,
  directory: string,
  isWanted: (path: string) => boolean,
  memory?: RecordMemory,
): Promise<End | undefined> {
  const record = await readRecord(host, join(directory, RECORD), { schema: endSchema, make: (read) => read, memory });
  if (!record) return undefined;
  const { files, isPartial, note } = record;
  const places: CollectedPlace[] = [];
  for (const { change, place } of files) {
    if (place && isWanted(change.path)) places.push({ at: place[0], bytes: place[1] });
  }
  const lines = places.length === 0 ? [] : await host.readCollected(join(directory, LINES), places);
  let next = 0;
  const found = files.map(({ change, place }): ComparedFile => {
    const hunks = place && isWanted(change.path) ? (lines[next++]?.toString('utf8') ?? '') : '';
    return { change, hunks };
  });
  return { files: found, isPartial, note };
}
