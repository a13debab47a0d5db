import { makeDataDirectory } from '../config/data-directory.ts';
import type { OptioConfig } from '../config.ts';
import type { ServerInfo } from '../contract/server-info.ts';
import { compareBuilds, readBuild } from '../version.ts';
import { startInBackground } from './background.ts';
import { findRunning, stopRunning } from './running.ts';
import { readRecord } from './server-record.ts';
import { withStartLock } from './start-lock.ts';
import { whenFree } from './when-free.ts';

/**
 * Sees to it that a server runs that is not older than we are. Of many commands that call this at once, one starts it. An older
 * one in the background is stopped, which leaves what is under way, and the new one takes it up; one that a person has
 * started stays. Throws `invalid-config` where that directory cannot be made, `data-directory-busy` when a process has the directory that is no server, `server-unreachable`, and
 * whatever keeps the server from starting.
 */
export async function ensureServer(config: Pick<OptioConfig, 'dataDir' | 'env'>): Promise<void> {
  const { dataDir } = config;
  if (isGood(await findRunning(dataDir), dataDir)) return;
  makeDataDirectory(dataDir);
  const begin = async () => {
    const running = await findRunning(dataDir);
    if (isGood(running, dataDir)) return;
    if (running) await stopRunning(dataDir);
    await startInBackground(config);
  };
  await withStartLock(dataDir, () => whenFree(dataDir, begin));
}

function isGood(running: ServerInfo | undefined, dataDir: string): boolean {
  if (!running) return false;
  return compareBuilds(running.version, readBuild()) >= 0 || readRecord(dataDir)?.isBackground !== true;
}
