import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { OptioClient } from '../client/client.ts';
import type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { readProcess } from '../hosts/processes.ts';
import { localClient } from './local-client.ts';
import { readRecord, socketOf } from './server-record.ts';

/** How long a server may take to say who it is, in milliseconds. */
const ANSWER_MS = 15_000;
/** How long it may take to end once it has stopped, in milliseconds. */
const END_MS = 60_000;
/** How long all that a process has open may take to be closed once it is killed, in milliseconds. */
const GONE_MS = 1_000;
const LOOK_MS = 20;

interface Patience {
  /** How long it may take to answer, in milliseconds (15,000). */
  readonly answerMs?: number;
}

/**
 * The server of a data directory; undefined when nobody answers there. Throws `server-unreachable` for one that says nothing,
 * and `unauthorized` for one whose token is gone.
 */
export async function findRunning(dataDir: string, patience: Patience = {}): Promise<ServerInfo | undefined> {
  return withRunning(dataDir, (client) => client.server(), patience);
}

export interface StopRunning extends Patience {
  /** Done before it is told to stop. */
  readonly before?: (client: OptioClient) => Promise<unknown>;
  /** Told what it leaves, before it has ended. */
  readonly onStopping?: ((report: StopReport) => void) | undefined;
}

/**
 * Stops the server of a data directory, and resolves when it is gone; undefined when there is none. Throws what `findRunning`
 * throws, and `server-unreachable` when it does not end.
 */
export async function stopRunning(
  dataDir: string,
  how: StopServer = {},
  { before, onStopping, ...patience }: StopRunning = {},
): Promise<StopReport | undefined> {
  const stop = async (client: OptioClient) => {
    await before?.(client);
    return client.stopServer(how);
  };
  const report = await withRunning(dataDir, stop, patience);
  if (!report) return undefined;
  onStopping?.(report);
  await untilGone(report.pid, report.drainMs + END_MS);
  return report;
}

/** Resolves when the process of a server is gone, and with that has given back whatever it held. Throws `server-unreachable`. */
export async function untilGone(pid: number, patienceMs: number): Promise<void> {
  const over = performance.now() + patienceMs;
  for (let seen = readProcess(pid); seen && !seen.isZombie; seen = readProcess(pid)) {
    if (performance.now() > over) {
      throw new OptioError('server-unreachable', `the server has stopped, but its process ${pid} does not end`, {
        remedy: `Look into its log. If it hangs, end it: kill -9 ${pid}. Nothing is lost by that.`,
      });
    }
    await delay(LOOK_MS);
  }
}

async function withRunning<T>(
  dataDir: string,
  act: (client: OptioClient) => Promise<T>,
  { answerMs = ANSWER_MS }: Patience,
): Promise<T | undefined> {
  if (!(await takesCalls(socketOf(dataDir)))) return undefined;
  const signal = AbortSignal.timeout(answerMs);
  let client: OptioClient | undefined;
  try {
    client = await localClient(dataDir, { patienceMs: 0, signal });
    return await act(client);
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (signal.aborted) {
      throw new OptioError('server-unreachable', `the server of ${dataDir} does not answer`, {
        cause: error,
        remedy: `It hangs, or was stopped. ${howToEnd(dataDir)}`,
      });
    }
    // It has ended meanwhile, unless it was the connection alone that was lost.
    if (error.code === 'server-unreachable' && (await hasGone(socketOf(dataDir)))) return undefined;
    if (error.code !== 'unauthorized') throw error;
    throw new OptioError('unauthorized', error.message, {
      cause: error,
      remedy: `A server runs, and the file ${dataDir}/token does not hold its token any more. ${howToEnd(dataDir)}`,
    });
  } finally {
    await client?.close();
  }
}

/** Whether nobody listens any more: of a process that is killed its connections may end before that. */
async function hasGone(path: string): Promise<boolean> {
  const over = performance.now() + GONE_MS;
  while (await takesCalls(path)) {
    if (performance.now() > over) return false;
    await delay(LOOK_MS);
  }
  return true;
}

/** Whether anybody listens, be it that he never answers. */
function takesCalls(path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(path);
  socket.once('connect', () => resolve(true));
  // With more callers than it can take somebody is there, too.
  socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'EAGAIN' || code === 'EACCES'));
  return promise.finally(() => socket.destroy());
}

function howToEnd(dataDir: string): string {
  const pid = readRecord(dataDir)?.pid;
  const how = pid === undefined ? 'its process' : `it: kill -9 ${pid}`;
  return `End ${how}. Nothing is lost by that: the next server takes up where it was.`;
}
