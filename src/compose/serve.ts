import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfigOptions, type OptioConfig, readConfig } from '../config.ts';
import { API_VERSION, type StopReport, type StopServer } from '../contract/server-info.ts';
import { OptioError } from '../errors.ts';
import { Optio } from '../optio.ts';
import type { Listen } from '../server/listen.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server/server.ts';
import { readBuild } from '../version.ts';
import { authenticator } from './authenticator.ts';
import { watchIdle } from './idle-watch.ts';
import { operate } from './operations.ts';
import { findRunning, stopRunning } from './running.ts';
import { readRecord, removeRecord, socketOf, writeRecord } from './server-record.ts';
import { makeToken } from './token-file.ts';
import { whatIsLeft } from './what-is-left.ts';

const HOST = '127.0.0.1';
const PORT = 7420;
const IDLE_MS = 600_000;

export interface ServeOptions extends ConfigOptions {
  /** A command has started it, for want of one: it ends when nobody needs it any more (false). */
  readonly isBackground?: boolean;
}

/** A server that runs in this process. */
export interface Served {
  /** Where people and programs reach it: an address, or the path of a socket. */
  readonly address: string;
  readonly isSocket: boolean;
  readonly dataDir: string;
  readonly tokenFile: string;
  /** What it has left; resolves when it is over. */
  readonly stopped: Promise<StopReport>;
  /** Ends it, and tells at once what that leaves. The first call says how. */
  stop(options?: StopServer): Promise<StopReport>;
}

/**
 * Engine and API in this process. It always answers at the socket in the data directory, where commands look for it, and besides
 * at a port, or at a socket of one's choice. Throws whatever `Optio.open` and `startServer` throw, and
 * `data-directory-busy` when another server runs that is not one in the background.
 */
export async function serve({ isBackground = false, ...options }: ServeOptions = {}): Promise<Served> {
  const config = readConfig(options);
  const version = readBuild();
  const { dataDir, settings } = config;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (!isBackground) await takeOver(dataDir);
  const optio = await Optio.open({ ...options, limits: limitsOf(config) });
  const servers: RunningServer[] = [];
  let endIdleness = () => {};
  const stopped = Promise.withResolvers<StopReport>();
  let stopping: Promise<StopReport> | undefined;
  const closing = new AbortController();
  let lastUsed = performance.now();
  const onUsed = () => {
    lastUsed = performance.now();
  };
  const { log, serving } = operate({ config, api: optio, isBackground, closing: closing.signal, onUsed });
  const end = async (report: StopReport, { cancel = false, drainMs = 0 }: StopServer) => {
    endIdleness();
    closing.abort();
    log.info('stopping', { left: report.left.length, waiting: report.waiting.length });
    const closed = optio.close({ leave: !cancel, drainMs });
    closed.catch(() => {}); // it is waited for below
    // Whoever waits for the end of what is under way may have to answer what it asks.
    if (cancel || drainMs > 0) await closed.catch(() => {});
    await Promise.allSettled(servers.map((server) => server.close()));
    await removeRecord(dataDir);
    await closed;
    log.close();
    stopped.resolve(report);
  };
  const stop = (how: StopServer = {}) => {
    stopping ??= (async () => {
      const report = await whatIsLeft(optio, how);
      setImmediate(() => void end(report, how).catch(stopped.reject)); // after the answer to whoever has asked for it
      return report;
    })();
    return stopping;
  };
  try {
    const token = await makeToken(dataDir);
    const startedAt = new Date().toISOString();
    const common: Omit<ServerOptions, 'listen'> = {
      api: optio,
      authenticate: authenticator(token, (secret) => optio.authenticate(secret)),
      info: { version, apiVersion: API_VERSION, pid: process.pid, dataDir, startedAt },
      onStop: stop,
      ...serving,
    };
    servers.push(await startServer({ ...common, listen: { socket: socketOf(dataDir) } }));
    const open = await listenFor(config, common);
    servers.push(open);
    const address = open.url.replace(/^unix:/, '');
    await writeRecord(dataDir, { pid: process.pid, version, startedAt, address, isBackground });
    log.info('serving', { address, version });
    const idleMs = settings['server.idleMs'] ?? IDLE_MS;
    if (isBackground && idleMs > 0) {
      const isNeeded = () => isNeededBy(optio);
      endIdleness = watchIdle({ idleMs, isNeeded, lastUsed: () => lastUsed, onIdle: () => void stop() });
    }
    const isSocket = open.url.startsWith('unix:');
    return { address, isSocket, dataDir, tokenFile: join(dataDir, 'token'), stopped: stopped.promise, stop };
  } catch (error) {
    await Promise.allSettled(servers.map((server) => server.close()));
    await optio.close({ leave: true });
    log.close();
    throw error;
  }
}

/** One in the background makes room for one that a person starts. */
async function takeOver(dataDir: string): Promise<void> {
  const running = await findRunning(dataDir);
  if (!running) return;
  const { address, isBackground } = readRecord(dataDir) ?? {};
  if (!isBackground) {
    throw new OptioError('data-directory-busy', `a server runs already: ${address ?? ''} (process ${running.pid})`, {
      remedy: 'Use that one, or stop it first: optio-codex stop.',
    });
  }
  await stopRunning(dataDir);
}

/** Where people and programs reach it. A port that nobody has chosen need not be that one. */
async function listenFor({ settings }: OptioConfig, common: Omit<ServerOptions, 'listen'>): Promise<RunningServer> {
  const { 'server.socket': socket, 'server.port': port, 'server.basePath': basePath } = settings;
  const { 'server.allowedHosts': allowedHosts, 'server.trustProxy': trustProxy } = settings;
  const start = (listen: Listen) =>
    startServer({
      ...common,
      listen,
      ...(basePath !== undefined && { basePath }),
      ...(allowedHosts && { allowedHosts }),
      ...(trustProxy !== undefined && { trustProxy }),
    });
  if (socket !== undefined) return start({ socket });
  const host = settings['server.host'] ?? HOST;
  try {
    return await start({ host, port: port ?? PORT });
  } catch (error) {
    const isTaken = error instanceof OptioError && error.details.field === 'port';
    if (port !== undefined || !isTaken) throw error;
    return start({ host, port: 0 });
  }
}

/** Whether anything goes on, is to come, or is watched. */
async function isNeededBy(optio: Optio): Promise<boolean> {
  const { runs, readers, watchers } = await optio.stats();
  const unended = runs.scheduled + runs.starting + runs.running + runs.paused + runs.cancelling;
  if (unended + readers + watchers > 0) return true;
  return (await optio.schedules()).some(({ isPaused }) => !isPaused);
}

function limitsOf({ settings }: OptioConfig) {
  const { 'limits.total': total, 'limits.perHost': perHost, 'limits.byTag': byTag } = settings;
  return { ...(total !== undefined && { total }), ...(perHost !== undefined && { perHost }), ...(byTag && { byTag }) };
}
