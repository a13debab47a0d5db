import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionMark } from '../codex/launch.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { Host, ProcessIdentity } from '../hosts/host.ts';
import { identify, isRunning } from '../hosts/processes.ts';
import { stopProcess, sweepMarked } from '../hosts/stop.ts';

const FILE = 'session.json';
/** Where a run's CODEX_HOME is in its private directory. */
export const CODEX_HOME = 'codex';
const identitySchema = z.object({ pid: z.number(), startTime: z.number().nullable(), bootId: z.string() });

/** Which process runs a session, and which codex it runs: enough to clean up after a death. */
const recordSchema = z.object({
  runId: z.string(),
  worker: identitySchema,
  codex: identitySchema.nullable(),
  /** Directories besides the run's own that are to be removed with it. */
  directories: z.array(z.string()),
});
type SessionRecord = z.infer<typeof recordSchema>;

/** Writes down who runs what, before it is used for the first time. */
export async function writeRecord(
  host: Host,
  runDirectory: string,
  record: { runId: string; codex: ProcessIdentity | null; directories: readonly string[] },
): Promise<void> {
  const whole = { ...record, worker: identify(process.pid) };
  await host.writeFile(join(runDirectory, FILE), JSON.stringify(whole), { durable: false });
}

/** A session whose worker had died. */
export interface DeadSession {
  readonly runId: string;
  /** Why something of it is still there. */
  readonly error?: OptioError;
}

/**
 * Ends the sessions whose worker has died, and removes what they left. Their workspaces stay. What can't be removed
 * is tried again the next time.
 */
export async function sweepDeadSessions(host: Host, runsDirectory: string): Promise<DeadSession[]> {
  const swept: DeadSession[] = [];
  for (const name of await readdir(runsDirectory).catch(() => [])) {
    const runDirectory = join(runsDirectory, name);
    const record = await readRecord(runDirectory);
    if (!record || isRunning(record.worker)) continue;
    const mark = sessionMark(record.runId, join((await host.realPath(runDirectory)) ?? runDirectory, CODEX_HOME));
    if (record.codex) await stopProcess({ identity: record.codex, mark });
    else await sweepMarked(mark);
    try {
      for (const directory of [...record.directories, runDirectory]) await host.removeDirectory(directory);
      swept.push({ runId: record.runId });
    } catch (thrown) {
      swept.push({ runId: record.runId, error: fromUnknown(thrown) });
    }
  }
  return swept;
}

async function readRecord(runDirectory: string): Promise<SessionRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(runDirectory, FILE), 'utf8')));
  } catch {
    return undefined;
  }
}
