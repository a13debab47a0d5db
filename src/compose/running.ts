import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { OptioClient } from '../client/client.ts';
import type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { readProcess } from '../hosts/processes.ts';
import { localClient } from './local-client.ts';
import { socketOf } from './server-record.ts';

/** How long a server may take to say who it is, in milliseconds. */
const ANSWER_MS = 15_000;
/** How long it may take to end once it has stopped, in milliseconds. */
const END_MS = 60_000;
const LOOK_MS = 20;

/** The server of a data directory; undefined when nobody answers there. Throws `server-unreachable` for one that says nothing. */
export async function findRunning(dataDir: string): Promise<ServerInfo | undefined> {
  return withRunning(dataDir, (client) => client.server(), ANSWER_MS);
}

/** Stops the server of a data directory, and resolves when it is gone; undefined when there is none. */
export async function stopRunning(dataDir: string, options: StopServer = {}): Promise<StopReport | undefined> {
  const report = await withRunning(dataDir, (client) => client.stopServer(options), ANSWER_MS);
  if (report) await untilGone(report.pid, (options.drainMs ?? 0) + END_MS);
  return report;
}

/** Resolves when a process is gone, and with that has given back whatever it held. */
async function untilGone(pid: number, patienceMs: number): Promise<void> {
  const over = performance.now() + patienceMs;
  for (let seen = readProcess(pid); seen && !seen.isZombie; seen = readProcess(pid)) {
    if (performance.now() > over) {
      throw new OptioError('server-unreachable', `the server has stopped, but its process ${pid} does not end`, {
        remedy: 'Look into its log; kill that process if it hangs: nothing is lost by that.',
      });
    }
    await delay(LOOK_MS);
  }
}

async function withRunning<T>(
  dataDir: string,
  act: (client: OptioClient) => Promise<T>,
  deadlineMs: number,
): Promise<T | undefined> {
  if (!existsSync(socketOf(dataDir))) return undefined;
  const signal = AbortSignal.timeout(deadlineMs);
  const client = localClient(dataDir, { patienceMs: 0, signal });
  try {
    return await act(client);
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (signal.aborted) {
      throw new OptioError('server-unreachable', `the server of ${dataDir} does not answer`, {
        cause: error,
        remedy: 'Its process hangs, or is stopped: look at it, or kill it; nothing is lost by that.',
      });
    }
    if (error.code === 'server-unreachable') return undefined;
    throw error;
  } finally {
    await client.close();
  }
}
