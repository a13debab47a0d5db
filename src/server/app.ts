import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { type Context, Hono } from 'hono';
import type { Role } from '../contract/role.ts';
import type { RouteSpec } from '../contract/route.ts';
import { ROUTES } from '../contract/routes.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { sendAnswer, sendProblem } from './answer.ts';
import type { BodyLimits } from './body.ts';
import { type Callers, demandRole } from './caller.ts';
import type { Exchange } from './exchange.ts';
import type { RouteInput, ServerContext } from './handler.ts';
import { handlersOf } from './handlers.ts';
import { HttpError } from './http-error.ts';
import { readBody, readKey, readParams, readQuery } from './input.ts';
import { isFromBrowser, sendLoginPage, wantsPage } from './login-page.ts';
import { endWithin } from './paced.ts';

/** Something else that is answered, besides the routes of the API. */
export interface Page {
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: `/${string}`;
  /** What the caller has to be; null where nobody has to say who he is. */
  readonly role: Role | null;
  readonly answer: (exchange: Exchange) => void | Promise<void>;
}

export interface AppOptions {
  readonly context: ServerContext;
  readonly callers: Callers;
  readonly limits: BodyLimits & StreamLimits;
  /** Everything is answered below this path too, for a proxy that leaves it on; empty for none. */
  readonly basePath: string;
  readonly pages: readonly Page[];
  /** Answers a browser that comes to an address at which there is nothing; undefined where it gets a problem as everybody does. */
  readonly answerMissing?: ((exchange: Exchange) => void) | undefined;
}

interface StreamLimits {
  /** How often the token of whoever reads a stream is looked at anew, in milliseconds. */
  readonly recheckMs: number;
}

/** How long a reader has for an answer that was written whole, such as a page, in milliseconds. */
const WHOLE_MS = 30_000;

interface Bindings {
  readonly exchange: Exchange;
}
type Call = Context<{ Bindings: Bindings }>;
export type App = Hono<{ Bindings: Bindings }>;

/** What is answered under which address, and to whom. */
export function createApp({ context, callers, limits, basePath, pages, answerMissing }: AppOptions): App {
  const app: App = new Hono({ getPath: (request) => pathOf(request.url, basePath) });
  const identify = async (exchange: Exchange) => {
    exchange.caller = await callers.identify(exchange.incoming, exchange.remote);
    return exchange.caller;
  };
  /** All answers are written by hand; Hono finds out which. Its own `onError` knows nothing of what is no `Error`. */
  const answering = (act: (exchange: Exchange, call: Call) => void | Promise<void>) => async (call: Call) => {
    const { exchange } = call.env;
    try {
      await act(exchange, call);
    } catch (thrown) {
      const error = fromUnknown(thrown);
      exchange.error = error;
      if (wantsPage(exchange, error)) sendLoginPage(exchange, basePath);
      else sendProblem(exchange.outgoing, error);
    }
    endWithin(exchange.outgoing, WHOLE_MS);
    return RESPONSE_ALREADY_SENT;
  };

  /** A token may be removed while somebody reads with it. */
  const dropUnknown = async ({ incoming, outgoing }: Exchange) => {
    if (!(await callers.knows(incoming))) outgoing.destroy();
  };

  for (const { name, method, path, role, answer } of pages) {
    const page = answering(async (exchange) => {
      exchange.route = name;
      if (role) demandRole(await identify(exchange), role, path);
      await answer(exchange);
    });
    app.on(method, path, page);
  }
  const handlers = handlersOf(context) as unknown as Readonly<Record<string, AnyHandler>>;
  const routes: [string, RouteSpec][] = Object.entries(ROUTES);
  for (const [name, route] of routes) {
    const answered = answering(async (exchange, { req }) => {
      exchange.route = name;
      const { incoming, outgoing, gone } = exchange;
      const caller = await identify(exchange);
      demandRole(caller, route.role, `${route.method} ${route.path}`);
      const params = readParams(req.param());
      const query = readQuery(new URL(req.url).searchParams, route);
      const once = route.repeat === 'keyed' ? readKey(incoming) : {};
      const body = await readBody(incoming, route, limits);
      if (incoming.method === 'HEAD' && route.answers === 'events') {
        outgoing.writeHead(200, { 'Content-Type': 'text/event-stream' }).end();
        return;
      }
      if (route.answers === 'events') {
        const recheck = setInterval(() => void dropUnknown(exchange), limits.recheckMs);
        outgoing.once('close', () => clearInterval(recheck));
      }
      const input = { params, query, body, once, caller, gone, incoming, outgoing } as RouteInput<RouteSpec>;
      await sendAnswer(outgoing, route, await handlers[name]?.(input), context.streams?.stallMs);
    });
    app.on(route.method, addressOf(route.path), answered);
  }
  // After all of them: one address may match another one's pattern.
  for (const [path, methods] of methodsByPath([...pages, ...routes.map(([, route]) => route)])) {
    const refused = answering(async (exchange) => {
      if (path.startsWith('/api/')) await identify(exchange);
      refuseMethod(exchange, methods);
    });
    app.all(addressOf(path), refused);
  }
  const missed = answering(async (exchange, { req }) => {
    const isOfApi = /^\/api(\/|$)/.test(req.path);
    if (isOfApi) await identify(exchange);
    if (!isOfApi && answerMissing && isFromBrowser(exchange)) {
      answerMissing(exchange);
      return;
    }
    throw new OptioError('not-found', `there is nothing at ${req.path.slice(0, 200)}`, {
      remedy: 'See /api/docs for what there is.',
    });
  });
  app.notFound(missed);
  return app;
}

type AnyHandler = (input: RouteInput<RouteSpec>) => Promise<unknown>;

/** The path of an address, without the one below which a proxy shows us. */
function pathOf(url: string, basePath: string): string {
  const path = url.slice(url.indexOf('/', 8)).replace(/[?#].*$/s, '');
  return basePath !== '' && path.startsWith(`${basePath}/`) ? path.slice(basePath.length) : path;
}

function addressOf(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1');
}

function methodsByPath(all: readonly { readonly path: string; readonly method: string }[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of all) {
    const own = method === 'GET' ? ['GET', 'HEAD'] : [method];
    methods.set(path, [...(methods.get(path) ?? []), ...own]);
  }
  return methods;
}

function refuseMethod({ incoming: { method }, outgoing }: Exchange, methods: readonly string[]): void {
  const allow = [...methods, 'OPTIONS'].join(', ');
  if (method === 'OPTIONS') return void outgoing.writeHead(204, { Allow: allow }).end();
  const error = new OptioError('not-found', `there is no ${method} here`, { remedy: `Use one of these: ${allow}.` });
  throw new HttpError(405, error, { Allow: allow });
}
