import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import type { RouteSpec } from '../../src/contract/route.ts';
import { ROUTES, type RouteName } from '../../src/contract/routes.ts';
import { API_VERSION, type ServerInfo } from '../../src/contract/server-info.ts';

/** What came to a route. */
export interface Received {
  readonly name: RouteName;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string[]>>;
  readonly body: unknown;
  readonly key: string | undefined;
  readonly token: string | undefined;
}

/** What a route answers: JSON, a file, or whatever it writes itself. */
type Answer = (received: Received, outgoing: ServerResponse) => unknown;

/**
 * When the connection is lost: before anything was done; after that, without an answer; in the middle of the answer.
 */
export type Loss = 'before' | 'after' | 'middle';

export const INFO: ServerInfo = {
  version: '0.1.0',
  apiVersion: API_VERSION,
  pid: 1,
  dataDir: '/data',
  command: 'optio-codex',
  machine: { name: 'here', id: '5f0c' },
  startedAt: '2026-11-22T10:00:00.000Z',
  caller: { name: 'owner', role: 'admin' },
};

/** An answer that is a problem. */
export class Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: object | string, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'text/html' : 'application/problem+json';
    this.headers = { 'content-type': type, ...headers };
  }
}

interface ProblemRecord {
  readonly code: string;
  readonly message: string;
  readonly [field: string]: unknown;
}

/** As the server tells an error of ours. */
export function problem(status: number, record: ProblemRecord, headers = {}): Refusal {
  const about = { type: `urn:${record.code}`, title: record.code, status, detail: record.message };
  return new Refusal(status, { ...about, ...record }, headers);
}

/** A server of all routes whose answers a test writes, and whose connections it breaks. */
export class RouteServer {
  /** What came, in order, also when the connection was lost after it. */
  readonly received: Received[] = [];
  /** What was done: whatever was not done for the same key before. */
  readonly done: Received[] = [];
  /** Where it came to, without the query. */
  readonly paths: string[] = [];
  readonly #server: Server;
  readonly #answers = new Map<RouteName, Answer>();
  readonly #losses = new Map<RouteName, Loss[]>();
  readonly #made = new Map<string, unknown>();

  private constructor() {
    this.#server = createServer(
      (incoming, outgoing) => void this.#take(incoming, outgoing).catch(() => outgoing.destroy()),
    );
    this.on('showServer', () => INFO);
  }

  /** Listens on a port of this machine, or on a unix socket. */
  static async start(listen: { readonly port?: number; readonly path?: string } = {}): Promise<RouteServer> {
    const server = new RouteServer();
    const where = listen.path === undefined ? { host: '127.0.0.1', port: listen.port ?? 0 } : listen;
    await new Promise<void>((resolve) => server.#server.listen(where, resolve));
    onTestFinished(() => server.close());
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  on(name: RouteName, answer: Answer): this {
    this.#answers.set(name, answer);
    return this;
  }

  answerOf(name: RouteName): Answer {
    return this.#answers.get(name) ?? (() => undefined);
  }

  /** Loses the connections of the next requests to a route. */
  lose(name: RouteName, ...losses: readonly Loss[]): this {
    this.#losses.set(name, [...losses]);
    return this;
  }

  /** How often something came to a route, and was done there. */
  count(name: RouteName): { readonly received: number; readonly done: number } {
    const countOf = (list: readonly Received[]) => list.filter((one) => one.name === name).length;
    return { received: countOf(this.received), done: countOf(this.done) };
  }

  /** As the death of its process would. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const received = receivedFrom(incoming, await buffer(incoming));
    this.received.push(received);
    this.paths.push(new URL(incoming.url ?? '/', 'http://localhost').pathname);
    const loss = this.#losses.get(received.name)?.shift();
    if (loss === 'before') return void outgoing.destroy();
    const answer = await this.#do(received, outgoing);
    if (loss === 'after') return void outgoing.destroy();
    if (outgoing.headersSent || answer === outgoing) return;
    const body = bodyOf(answer);
    const type = { 'content-type': answer instanceof Uint8Array ? 'application/octet-stream' : 'application/json' };
    const plain = { status: statusOf(received.name, answer), headers: body ? type : {} };
    const { status, headers } = answer instanceof Refusal ? answer : plain;
    outgoing.writeHead(status, { ...(body && { 'content-length': body.length }), ...headers });
    if (loss !== 'middle') return void outgoing.end(body);
    outgoing.write(body?.subarray(0, body.length / 2) ?? '', () => outgoing.destroy());
  }

  /** What has a key is done once, as the real server does it. */
  async #do(received: Received, outgoing: ServerResponse): Promise<unknown> {
    const { name, key } = received;
    if (key !== undefined && this.#made.has(key)) return this.#made.get(key);
    this.done.push(received);
    const made = await this.#answers.get(name)?.(received, outgoing);
    if (key !== undefined) this.#made.set(key, made);
    return made;
  }
}

function receivedFrom({ method, url = '/', headers }: IncomingMessage, body: Buffer): Received {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [name, params] = routeOf(method ?? 'GET', pathname);
  const query = Object.fromEntries([...searchParams.keys()].map((field) => [field, searchParams.getAll(field)]));
  const isJson = headers['content-type'] === 'application/json';
  const key = headers['idempotency-key'];
  return {
    name,
    params,
    query,
    body: isJson ? JSON.parse(body.toString()) : body.length > 0 ? new Uint8Array(body) : undefined,
    key: typeof key === 'string' ? key : undefined,
    token: headers.authorization?.replace(/^Bearer /, ''),
  };
}

function routeOf(method: string, pathname: string): readonly [RouteName, Record<string, string>] {
  for (const [name, route] of Object.entries(ROUTES)) {
    const pattern = new RegExp(`^(?:/codex)?${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const match = method === route.method ? pattern.exec(pathname) : null;
    if (!match) continue;
    const params = Object.entries(match.groups ?? {}).map(([param, value]) => [param, decodeURIComponent(value)]);
    return [name as RouteName, Object.fromEntries(params)];
  }
  throw new Error(`there is no route ${method} ${pathname}`);
}

function bodyOf(answer: unknown): Buffer | undefined {
  if (answer instanceof Refusal) return Buffer.from(answer.body);
  if (answer instanceof Uint8Array) return Buffer.from(answer);
  return answer === undefined ? undefined : Buffer.from(JSON.stringify(answer));
}

function statusOf(name: RouteName, answer: unknown): number {
  const route: RouteSpec = ROUTES[name];
  return route.status ?? (answer === undefined ? 204 : 200);
}
