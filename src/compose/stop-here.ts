import { existsSync } from 'node:fs';
import type { OptioClient } from '../client/client.ts';
import type { StopReport, StopServer } from '../contract/server-info.ts';
import { OptioError } from '../errors.ts';
import { type StopRunning, stopRunning, untilGone } from './running.ts';
import { readRecord } from './server-record.ts';
import { withStartLock } from './start-lock.ts';
import { whatIsLeft } from './what-is-left.ts';

/** How long a server may take to be gone whose connection was lost, in milliseconds. */
const DEATH_MS = 10_000;

export interface StopEnd extends StopReport {
  /** It died when it was told to stop, and has done nothing of what it was told; what it leaves is what was there just before. */
  readonly hasDied: boolean;
}

/**
 * Stops the server of a data directory for somebody who wants to know what that leaves; one that is only being started is
 * waited for. Undefined when there is none. Throws what `stopRunning` throws, and `server-unreachable` for one that has died
 * before anything was known of it.
 */
export async function stopHere(
  dataDir: string,
  how: StopServer,
  options: StopRunning = {},
): Promise<StopEnd | undefined> {
  const end = await stopOrLose(dataDir, how, options);
  if (end || !existsSync(dataDir)) return end;
  await withStartLock(dataDir, async () => {}); // whoever starts one holds it until that answers
  return stopOrLose(dataDir, how, options);
}

async function stopOrLose(dataDir: string, how: StopServer, options: StopRunning): Promise<StopEnd | undefined> {
  const pid = readRecord(dataDir)?.pid;
  let isMet = false;
  let known: StopReport | undefined;
  const before = async (client: OptioClient) => {
    isMet = true;
    known = await whatIsLeft(client, {}).catch(() => undefined); // it may be of a version that answers something else
  };
  const report = await stopRunning(dataDir, how, { ...options, before });
  if (report) return { ...report, hasDied: false };
  if (!isMet || pid === undefined || !(await hasDied(dataDir, pid))) return undefined;
  if (known) return { ...known, pid, hasDied: true };
  throw new OptioError('server-unreachable', `the server (process ${pid}) died before it could say what it leaves`, {
    remedy: 'What was under way goes on without it. Start a server again, and look: optio-codex ps.',
  });
}

/** Whether it has ended without its own doing: one that stops, be it that somebody else has told it to, takes its record along. */
async function hasDied(dataDir: string, pid: number): Promise<boolean> {
  await untilGone(pid, DEATH_MS);
  return readRecord(dataDir)?.pid === pid;
}
