import { setMaxListeners } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { OptioApi } from '../contract/api.ts';
import type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
import { OptioError } from '../errors.ts';
import { createApp, type Page } from './app.ts';
import type { BodyLimits } from './body.ts';
import { type Authenticate, Callers } from './caller.ts';
import { answerClientError } from './client-error.ts';
import { documentPages } from './document-pages.ts';
import type { AnsweredRequest } from './exchange.ts';
import { Exchanges } from './exchanges.ts';
import { type Listen, listen } from './listen.ts';
import { LoginLinks } from './login-links.ts';
import { rootPages } from './root-pages.ts';
import { sessionPages } from './session-pages.ts';
import { Sessions } from './sessions.ts';
import { openSite } from './site.ts';
import type { StreamOptions } from './sse-response.ts';

export interface ServerOptions {
  /** What is served. It belongs to the caller, and is still open when the server has closed. */
  readonly api: OptioApi;
  /** Who a token lets in. */
  readonly authenticate: Authenticate;
  /** Who answers, as `GET /api/server` tells it. */
  readonly info: Omit<ServerInfo, 'caller'>;
  /** Where to answer: a loopback address with a port (0: any that is free), or a unix socket. */
  readonly listen: Listen;
  /** Stops the server some time after it has said what that leaves behind; asked for by an admin. */
  readonly onStop: (options: StopServer) => Promise<StopReport>;
  /** The path below which a reverse proxy shows us, such as `/codex` (none). */
  readonly basePath?: string;
  /** More hosts that may be asked for: names for any port, or `name:port` (none besides the loopback with our port). */
  readonly allowedHosts?: readonly string[];
  /** What a reverse proxy says of its client holds: X-Forwarded-For, -Host and -Proto (false). */
  readonly trustProxy?: boolean;
  /** Where the built page lies (none: the reference is shown instead). */
  readonly site?: string;
  /** Links that let a browser in; shared by servers of one API (of its own). */
  readonly links?: LoginLinks;
  /** Of browsers; shared by servers of one API (of its own, in memory). */
  readonly sessions?: Sessions;
  /** More that is answered, such as `/metrics`. */
  readonly pages?: readonly Page[];
  readonly limits?: Partial<ServerLimits>;
  /** When a stream of events says that it is alive, when it is cut off, and who is told how each has ended. */
  readonly streams?: Omit<StreamOptions, 'closing'>;
  /** Told of each request that was answered, with what went wrong. */
  readonly onAnswered?: (answered: AnsweredRequest) => void;
  /** The time, in milliseconds; for tests (`Date.now`). */
  readonly now?: () => number;
}

interface ServerLimits extends BodyLimits {
  /** How many connections there may be; more are closed at once. */
  readonly connections: number;
  /** How long the headers of a request may take, in milliseconds. */
  readonly headersMs: number;
  /** How long a connection is kept on which nothing is asked, in milliseconds. */
  readonly keepAliveMs: number;
  /** How often the token of whoever reads a stream is looked at anew, in milliseconds. */
  readonly recheckMs: number;
  /** How late a wrong token of this machine's is answered after too many of them, in milliseconds. */
  readonly lateMs: number;
  /** How long what is being answered may take once the server closes, in milliseconds. */
  readonly closeMs: number;
}

export interface RunningServer {
  /** Where it answers: `http://HOST:PORT` and the base path, or `unix:PATH`. */
  readonly url: string;
  /** Ends streams and long waits with a reason, lets what is short come to its end, and closes all connections. */
  close(): Promise<void>;
}

export const DEFAULT_LIMITS: ServerLimits = {
  json: 1024 * 1024,
  file: 64 * 1024 * 1024,
  idleMs: 60_000,
  connections: 2_000,
  headersMs: 10_000,
  keepAliveMs: 65_000, // longer than a proxy before us keeps it, which would else ask on a connection that just closes
  recheckMs: 30_000,
  lateMs: 1_000,
  closeMs: 5_000,
};
/** The body of a request that nobody reads has to have come by then. */
const REQUEST_MS = 30 * 60_000;

/**
 * Answers the API for an OptioApi. Throws `invalid-config` with the field (`host`, `port`, `socket`, `basePath`) that does not
 * work.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { api, info, onStop, authenticate, now = Date.now, links = new LoginLinks(now) } = options;
  const { sessions = new Sessions({ now }) } = options;
  const basePath = checkBasePath(options.basePath ?? '');
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = createServer({
    headersTimeout: limits.headersMs,
    requestTimeout: REQUEST_MS,
    connectionsCheckingInterval: Math.ceil(limits.headersMs / 4),
    keepAliveTimeout: limits.keepAliveMs,
    maxHeaderSize: 16 * 1024,
  });
  server.maxConnections = limits.connections;
  server.maxHeadersCount = 100;
  const { url, port } = await listen(server, options.listen);
  const cookieName = port === undefined ? 'optio-codex' : `optio-codex-${port}`;
  const callers = new Callers({ authenticate, cookieName, now, sessions, lateMs: limits.lateMs });
  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // each stream listens
  const site = openSite({ directory: options.site, basePath });
  const app = createApp({
    context: {
      api,
      info,
      onStop,
      links,
      closing: closing.signal,
      ...(options.streams && { streams: options.streams }),
    },
    callers,
    limits,
    basePath,
    pages: [
      ...rootPages({ version: info.version }),
      ...site.pages,
      ...sessionPages({ callers, links, cookieName, basePath, limits }),
      ...documentPages({ version: info.version, dataDir: info.dataDir, basePath, cookieName }),
      ...(options.pages ?? []),
    ],
    answerMissing: site.answerMissing,
  });
  const { allowedHosts = [], trustProxy = false, onAnswered } = options;
  const rules = { port, allowedHosts, trustProxy };
  const exchanges = new Exchanges({ app, rules, closing: closing.signal, ...(onAnswered && { onAnswered }) });
  const begin = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.once('close', () => closing.signal.aborted && setImmediate(() => server.closeIdleConnections()));
    exchanges.begin(incoming, outgoing);
  };
  server.on('request', begin).on('checkExpectation', begin); // Node would answer the latter by itself, and not as we do
  server.on('clientError', (error, socket) => answerClientError(error, socket, exchanges.isAnswering(socket)));
  let closed: Promise<void> | undefined;
  return {
    url: url + (port === undefined ? '' : basePath),
    close() {
      closing.abort();
      closed ??= closeServer(server, limits.closeMs);
      return closed;
    },
  };
}

async function closeServer(server: Server, ms: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), ms);
  await new Promise((resolve) => server.close(resolve));
  clearTimeout(timer);
}

function checkBasePath(path: string): string {
  const plain = path.replace(/\/+$/, '');
  if (plain === '' || /^(\/[\w~-][\w.~-]*)+$/.test(plain)) return plain;
  throw new OptioError('invalid-config', `basePath: ${path} is no path`, {
    field: 'basePath',
    remedy: 'Say something like /codex.',
  });
}
