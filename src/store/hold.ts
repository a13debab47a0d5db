import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { OptioError } from '../errors.ts';

const FILE = 'holder.json';
const SQLITE_BUSY = 5;

const holderSchema = z.object({
  pid: z.number(),
  since: z.string(),
  /** It is a server, and others who need one wait until it answers, or is gone. */
  isServer: z.boolean().optional(),
});
/** Who has a data directory, or was the last to have it. */
export type Holder = z.infer<typeof holderSchema>;

/**
 * Takes hold of a data directory by a lock on its database, which the system gives back when this process ends, however
 * it does. Throws `data-directory-busy` with who has it.
 */
export function hold(database: DatabaseSync, directory: string, isServer = false): void {
  try {
    // In this mode the lock that the first write takes is kept.
    database.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; begin immediate; commit');
  } catch (cause) {
    if (((cause as { errcode?: number }).errcode ?? 0) !== SQLITE_BUSY) throw cause;
    throw new OptioError('data-directory-busy', `${directory} is in use${describeHolder(directory)}`, {
      cause,
      remedy:
        'Wait until that process has ended, or give each process an OPTIO_CODEX_HOME of its own; two runs in one working directory are not told of each other then, so use --worktree.',
    });
  }
  const holder: Holder = { pid: process.pid, since: new Date().toISOString(), isServer };
  try {
    writeFileSync(join(directory, FILE), JSON.stringify(holder), { mode: 0o600 });
  } catch {
    // Nothing depends on the note, and a full disk is to be told of by what matters.
  }
}

/** What the note says: the lock is what counts. Undefined when there is none that can be read. */
export function readHolder(directory: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(join(directory, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

function describeHolder(directory: string): string {
  const holder = readHolder(directory);
  return holder ? ` by process ${holder.pid}, for ${howLong(Date.now() - Date.parse(holder.since))}` : '';
}

/** `less than a minute`, `2 minutes`, `3 hours`, `5 days`. */
function howLong(ms: number): string {
  const units = [
    ['day', 86_400_000],
    ['hour', 3_600_000],
    ['minute', 60_000],
  ] as const;
  for (const [unit, length] of units) {
    const count = Math.floor(ms / length);
    if (count > 0) return `${count} ${unit}${count === 1 ? '' : 's'}`;
  }
  return 'less than a minute';
}
