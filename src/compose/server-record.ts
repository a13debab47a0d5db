import { readFileSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const FILE = 'server.json';

const recordSchema = z.object({
  pid: z.number().int().positive(),
  version: z.string(),
  startedAt: z.string(),
  /** Where people and programs reach it: an address, or the path of a socket. */
  address: z.string(),
  /** It was started by a command that needed one, and may be replaced by one that a person starts. */
  isBackground: z.boolean(),
});
/** A server that runs, or did when this was written: what counts is who answers at the socket of the data directory. */
export type ServerRecord = z.infer<typeof recordSchema>;

/** The socket in a data directory on which its server always answers: nobody else can listen there, as they could on a port. */
export function socketOf(dataDir: string): string {
  return join(dataDir, 'server.sock');
}

export async function writeRecord(dataDir: string, record: ServerRecord): Promise<void> {
  const path = join(dataDir, FILE);
  await writeFile(`${path}.tmp`, JSON.stringify(record), { mode: 0o600 });
  await rename(`${path}.tmp`, path);
}

/** Undefined when there is none, or none that can be read. */
export function readRecord(dataDir: string): ServerRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(join(dataDir, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Removes the record of this process. */
export async function removeRecord(dataDir: string): Promise<void> {
  if (readRecord(dataDir)?.pid === process.pid) await rm(join(dataDir, FILE), { force: true });
}
