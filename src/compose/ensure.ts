import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { OptioConfig } from '../config.ts';
import type { ServerInfo } from '../contract/server-info.ts';
import { fromUnknown } from '../errors.ts';
import { readProcess } from '../hosts/processes.ts';
import { compareBuilds, readBuild } from '../version.ts';
import { startInBackground } from './background.ts';
import { findRunning, stopRunning } from './running.ts';
import { readRecord } from './server-record.ts';
import { withStartLock } from './start-lock.ts';

/** How long another command may take to start a server, in milliseconds. */
const START_MS = 120_000;
/** How long a server may take to give back the data directory, or to answer once it has it, in milliseconds. */
const BUSY_MS = 30_000;
const RETRY_MS = 100;

/**
 * Sees to it that a server runs that is not older than we are. Of many commands that call this at once, one starts it. An older
 * one in the background is stopped, which leaves what is under way, and the new one takes it up; one that a person has
 * started stays. Throws `data-directory-busy` when a process has the directory that is no server, and `server-unreachable`.
 */
export async function ensureServer(config: Pick<OptioConfig, 'dataDir' | 'env'>): Promise<void> {
  const { dataDir } = config;
  if (isGood(await findRunning(dataDir), dataDir)) return;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  await withStartLock(dataDir, START_MS, async () => {
    const over = performance.now() + BUSY_MS;
    for (;;) {
      const running = await findRunning(dataDir);
      if (isGood(running, dataDir)) return;
      if (running) await stopRunning(dataDir);
      try {
        await startInBackground(config);
        return;
      } catch (thrown) {
        if (fromUnknown(thrown).code !== 'data-directory-busy' || !isServer(dataDir) || performance.now() > over)
          throw thrown;
        await delay(RETRY_MS); // it begins, or is on its end
      }
    }
  });
}

function isGood(running: ServerInfo | undefined, dataDir: string): boolean {
  if (!running) return false;
  return compareBuilds(running.version, readBuild()) >= 0 || readRecord(dataDir)?.isBackground !== true;
}

/** Whether a process that says that it is a server lives. */
function isServer(dataDir: string): boolean {
  const record = readRecord(dataDir);
  const seen = record && readProcess(record.pid);
  return seen !== undefined && !seen.isZombie;
}
