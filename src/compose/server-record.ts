import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

/** Whoever reads it meanwhile finds the one before, or this one. */
export function writeRecord(dataDir: string, record: ServerRecord): void {
  const path = join(dataDir, FILE);
  writeFileSync(`${path}.tmp`, JSON.stringify(record), { mode: 0o600 });
  renameSync(`${path}.tmp`, path);
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
export function removeRecord(dataDir: string): void {
  if (readRecord(dataDir)?.pid === process.pid) rmSync(join(dataDir, FILE), { force: true });
}
