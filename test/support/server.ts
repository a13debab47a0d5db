import { type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';
import { onTestFinished } from 'vitest';
import type { OptioApi } from '../../src/contract/api.ts';
import type { Role } from '../../src/contract/role.ts';
import type { Caller } from '../../src/server/caller.ts';
import { type ServerOptions, startServer } from '../../src/server/server.ts';
import { scriptApi } from './scripted-api.ts';

/** What lets somebody in, by role; `owner` is the token of the data directory. Tests take tokens away, or add some. */
function someTokens(): Map<string, Caller> {
  const named = (name: string, role: Role) => [`${name}-token`, { name, role }] as const;
  const tokens = new Map<string, Caller>([
    named('viewer', 'viewer'),
    named('operator', 'operator'),
    named('admin', 'admin'),
  ]);
  return tokens.set('owner-token', { name: 'owner', role: 'admin', isOwner: true });
}

const INFO = {
  version: '1.2.3',
  apiVersion: 1,
  pid: 1,
  dataDir: '/data',
  command: 'optio-codex',
  machine: { name: 'here', id: '5f0c' },
  startedAt: '2026-01-02T03:04:05.000Z',
} as const;

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body, read as JSON. */
  readonly json: Record<string, unknown>;
}

export interface Asking {
  readonly method?: string;
  /** The token to come with: that of the owner, unless told otherwise; null for none. */
  readonly token?: string | null;
  readonly headers?: OutgoingHttpHeaders;
  /** Sent as JSON, unless it is text or bytes. */
  readonly body?: unknown;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly tokens: Map<string, Caller>;
  ask(path: string, asking?: Asking): Promise<Answer>;
  close(): Promise<void>;
}

/** A server on a port of its own, closed with the test. */
export async function openServer(
  api: OptioApi = scriptApi().api,
  more: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const tokens = someTokens();
  const server = await startServer({
    api,
    authenticate: async (secret) => tokens.get(secret),
    info: INFO,
    listen: { host: '127.0.0.1', port: 0 },
    onStop: async () => ({ pid: 1, left: [], waiting: [], openRequests: 0, drainMs: 0, cancel: false }),
    ...more,
  });
  onTestFinished(() => server.close());
  const { port } = new URL(server.url.replace(/^unix:/, 'http://unix'));
  const socketPath = server.url.startsWith('unix:') ? server.url.slice('unix:'.length) : undefined;
  const where = socketPath === undefined ? { host: '127.0.0.1', port: Number(port) } : { socketPath };
  return {
    url: server.url,
    port: Number(port),
    tokens,
    ask: (path, asking) => ask({ ...where, path }, asking),
    close: () => server.close(),
  };
}

/** One request by hand: `fetch` would choose the headers that matter here by itself. */
function ask(
  where: { readonly path: string; readonly host?: string; readonly port?: number; readonly socketPath?: string },
  { method = 'GET', token = 'owner-token', headers = {}, body }: Asking = {},
): Promise<Answer> {
  const isRaw = typeof body === 'string' || body instanceof Uint8Array;
  const sent = body === undefined ? undefined : isRaw ? body : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request({
    ...where,
    method,
    agent: false,
    headers: {
      ...(token !== null && { Authorization: `Bearer ${token}` }),
      ...(sent !== undefined && { 'Content-Type': 'application/json' }),
      ...(sent !== undefined && !headers['Transfer-Encoding'] && { 'Content-Length': Buffer.byteLength(sent) }),
      ...headers,
    },
  });
  outgoing.on('error', reject);
  outgoing.on('response', (incoming) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('error', reject);
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const isJson = /json/.test(incoming.headers['content-type'] ?? '');
      resolve({
        status: incoming.statusCode ?? 0,
        headers: incoming.headers,
        text,
        json: isJson && text !== '' ? JSON.parse(text) : {},
      });
    });
  });
  outgoing.end(sent);
  return promise;
}
