import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeDataDirectory } from '../config/data-directory.ts';
import { type ConfigOptions, type OptioConfig, readConfig } from '../config.ts';
import { API_VERSION, type StopReport, type StopServer } from '../contract/server-info.ts';
import { OptioError } from '../errors.ts';
import { thisMachine } from '../machine.ts';
import { Optio } from '../optio.ts';
import { MAX_SOCKET_PATH } from '../server/listen.ts';
import { LoginLinks } from '../server/login-links.ts';
import { type RunningServer, type ServerOptions, startServer } from '../server/server.ts';
import { Sessions } from '../server/sessions.ts';
import { commandName, readBuild } from '../version.ts';
import { authenticator } from './authenticator.ts';
import { watchIdle } from './idle-watch.ts';
import { watchDirectory } from './lost-directory.ts';
import { isNeeded } from './need.ts';
import { openPort } from './open-port.ts';
import { operate } from './operations.ts';
import { removeRecord, socketOf, writeRecord } from './server-record.ts';
import { Shutdown } from './shutdown.ts';
import { withStartLock } from './start-lock.ts';
import { takeOver } from './take-over.ts';
import { makeToken, tokenFileOf, tokenReader } from './token-file.ts';
import { whenFree } from './when-free.ts';

const IDLE_MS = 600_000;
/** The page, where it was built. */
const SITE = fileURLToPath(new URL('../../dist/page', import.meta.url));

export interface ServeOptions extends ConfigOptions {
  /** A command has started it, for want of one: it ends when nobody needs it any more (false). */
  readonly isBackground?: boolean;
}

/** A server that runs in this process. */
export interface Served {
  /** Where people and programs reach it: an address, or the path of a socket. */
  readonly address: string;
  /** A link to the page that lets a browser in once; null where the page has no address, but only a socket. */
  readonly page: string | null;
  readonly isSocket: boolean;
  readonly dataDir: string;
  readonly tokenFile: string;
  /** What it has left; resolves when it is over. */
  readonly stopped: Promise<StopReport>;
  /**
   * Ends it, and tells at once what that leaves. The first call says how; a later one leaves what is under way less time, or
   * cancels it. Throws what keeps it from telling; it goes on then.
   */
  stop(options?: StopServer): Promise<StopReport>;
}

/**
 * Engine and API in this process. It always answers at the socket in the data directory, where commands look for it, and besides
 * at a port, or at a socket of one's choice. Throws whatever `Optio.open` and `startServer` throw, and
 * `data-directory-busy` when another server runs that is not one in the background.
 */
export async function serve({ isBackground = false, ...options }: ServeOptions = {}): Promise<Served> {
  const config = readConfig(options);
  const { dataDir } = config;
  checkSocketPath(dataDir);
  makeDataDirectory(dataDir);
  const begin = () => beginToServe(config, { ...options, isBackground });
  if (isBackground) return begin(); // the command that has started it holds the lock
  const served = await withStartLock(dataDir, () =>
    whenFree(dataDir, async () => (await takeOver(dataDir)) ?? begin()),
  );
  if (served instanceof OptioError) throw served;
  return served;
}

async function beginToServe(config: OptioConfig, { isBackground = false, ...options }: ServeOptions): Promise<Served> {
  const { dataDir, settings } = config;
  const version = readBuild();
  const optio = await Optio.open({ ...options, limits: limitsOf(config), isServer: true });
  const servers: RunningServer[] = [];
  const closeServers = () => Promise.allSettled(servers.map((server) => server.close()));
  const closing = new AbortController();
  let lastUsed = performance.now();
  const onUsed = () => {
    lastUsed = performance.now();
  };
  const { log, serving } = operate({ config, api: optio, isBackground, closing: closing.signal, onUsed });
  const shutdown = new Shutdown({ api: optio, dataDir, log, onBegin: () => closing.abort(), closeServers });
  const stop = (how?: StopServer) => shutdown.stop(how);
  try {
    const token = await makeToken(dataDir);
    const startedAt = new Date().toISOString();
    const links = new LoginLinks();
    const onFailure = (thrown: unknown) => log.error('who has logged in cannot be written down', thrown);
    const sessions = new Sessions({ file: join(dataDir, 'sessions.json'), onFailure });
    const common: Omit<ServerOptions, 'listen'> = {
      site: SITE,
      links,
      sessions,
      api: optio,
      authenticate: authenticator(tokenReader(dataDir), (secret) => optio.authenticate(secret)),
      info: {
        version,
        apiVersion: API_VERSION,
        pid: process.pid,
        dataDir,
        command: commandName(config.env),
        machine: thisMachine(),
        startedAt,
      },
      onStop: stop,
      ...serving,
    };
    const open = await openPort(config, common);
    servers.push(open);
    const { url } = open;
    const address = url.replace(/^unix:/, '');
    if (address === url) links.address = url;
    writeRecord(dataDir, { pid: process.pid, version, startedAt, address, isBackground });
    // Last of all: whoever gets an answer there finds the rest.
    servers.push(await startServer({ ...common, listen: { socket: socketOf(dataDir) } }));
    log.info('serving', { address, version });
    const endDirectoryWatch = watchDirectory(dataDir, (error) => {
      log.error('nobody can reach this server any more: it ends, with what is under way', error);
      void stop({ cancel: true }).catch(() => {}); // what is gone cannot tell what is left
    });
    closing.signal.addEventListener('abort', endDirectoryWatch, { once: true });
    const idleMs = settings['server.idleMs'] ?? IDLE_MS;
    if (isBackground && idleMs > 0) {
      const endWatch = watchIdle({
        idleMs,
        isNeeded: () => isNeeded(optio),
        lastUsed: () => lastUsed,
        onIdle: () => void stop().catch(() => {}), // it will be asked to again
      });
      closing.signal.addEventListener('abort', endWatch, { once: true });
    }
    const isSocket = url.startsWith('unix:');
    return {
      address,
      page: links.make(token).url,
      isSocket,
      dataDir,
      tokenFile: tokenFileOf(dataDir),
      stopped: shutdown.stopped,
      stop,
    };
  } catch (error) {
    await closeServers();
    removeRecord(dataDir);
    await optio.close({ leave: true }).catch(() => {}); // why it could not begin says more
    log.close();
    throw error;
  }
}

/** What is told otherwise is that some socket, of which nobody has ever heard, has too long a path. */
function checkSocketPath(dataDir: string): void {
  const room = MAX_SOCKET_PATH - Buffer.byteLength(socketOf('/'));
  if (Buffer.byteLength(socketOf(dataDir)) <= MAX_SOCKET_PATH) return;
  throw new OptioError('invalid-config', `dataDir: ${dataDir} is too long for the socket of the server in it`, {
    field: 'dataDir',
    remedy: `Choose one whose path has at most ${room} bytes, with OPTIO_CODEX_HOME.`,
  });
}

function limitsOf({ settings }: OptioConfig) {
  const { 'limits.total': total, 'limits.perHost': perHost, 'limits.byTag': byTag } = settings;
  return { ...(total !== undefined && { total }), ...(perHost !== undefined && { perHost }), ...(byTag && { byTag }) };
}
