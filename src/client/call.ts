import type { z } from 'zod';
import {
  fillPath,
  mayBeRepeated,
  type RouteBody,
  type RouteParams,
  type RouteQuery,
  type RouteResult,
  type RouteSpec,
} from '../contract/route.ts';
import { OptioError } from '../errors.ts';
import type { Attempt } from './attempt.ts';
import { BYTES, bytesOf, jsonOf, nothingOf } from './body.ts';
import type { Connection, Outgoing } from './connection.ts';
import { withDeadline } from './in-time.ts';
import { newKey } from './key.ts';

/** What a route has to be given, and nothing else. */
export type CallInput<R extends RouteSpec> = (keyof RouteParams<R> extends never
  ? unknown
  : { readonly params: RouteParams<R> }) &
  (R['query'] extends z.ZodObject ? { readonly query?: RouteQuery<R> } : unknown) &
  (R['body'] extends 'bytes'
    ? { readonly body: Uint8Array }
    : R['body'] extends z.ZodType
      ? { readonly body: RouteBody<R> }
      : unknown) &
  /** Names what is made; one is made up where there is none. */
  (R['repeat'] extends 'keyed' ? { readonly key: string | undefined } : unknown);

/** What differs from the way in which most calls are made. */
export interface CallOptions extends Pick<Attempt<unknown>, 'patienceMs' | 'anyVersion' | 'wasDone'> {
  /** Whether it is harmless to do it twice, where this depends on more than the route. */
  readonly mayRepeat?: boolean;
  /** An answer that takes longer will not come any more, in milliseconds. */
  readonly deadlineMs?: number;
}

/**
 * Calls a route that answers with JSON, or with nothing. Throws what the verb throws in the process of the server, and
 * `server-unreachable`, `server-version`, `unauthorized`, `forbidden`, `aborted`.
 */
export function call<const R extends RouteSpec>(
  connection: Connection,
  route: R,
  input: CallInput<R>,
  options: CallOptions = {},
): Promise<RouteResult<R>> {
  return attempt(connection, route, input, options, async (response) => {
    return (await (route.result ? jsonOf(response) : nothingOf(response, route))) as RouteResult<R>;
  });
}

/** Calls a route that answers with a file. Throws as `call` does. */
export function callForBytes<const R extends RouteSpec>(
  connection: Connection,
  route: R,
  input: CallInput<R>,
): Promise<Uint8Array> {
  return attempt(connection, route, input, {}, bytesOf);
}

/** What goes out for a call of a route. Throws `invalid-input` for what cannot be sent. */
export function toOutgoing<R extends RouteSpec>(route: R, input: CallInput<R>): Outgoing {
  const { params = {}, query, body, key } = input as AnyInput;
  const headers: Record<string, string> = {};
  if (body !== undefined) {
    headers['content-type'] = body instanceof Uint8Array ? BYTES : 'application/json';
  }
  if (route.repeat === 'keyed') headers['idempotency-key'] = checkKey(key ?? newKey());
  return {
    method: route.method,
    path: fillPath(route.path, params) + searchOf(query),
    headers,
    ...(body !== undefined && { body: body instanceof Uint8Array ? body : toJson(body) }),
  };
}

interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly key?: string | undefined;
}

async function attempt<T, R extends RouteSpec>(
  connection: Connection,
  route: R,
  input: CallInput<R>,
  { mayRepeat, deadlineMs, ...options }: CallOptions,
  read: (response: Response) => Promise<T>,
): Promise<T> {
  const outgoing = toOutgoing(route, input); // once: it has the same key each time
  return connection.repeat({
    wasDone: route.method === 'DELETE' ? ({ code }) => code === 'not-found' : undefined,
    ...options,
    mayRepeat: mayRepeat ?? mayBeRepeated(route),
    method: outgoing.method,
    path: outgoing.path,
    once: async (calledOff) => {
      try {
        return await withDeadline(deadlineMs, async (inTime) => {
          const signal = inTime ? AbortSignal.any([inTime, calledOff]) : calledOff;
          return read(await connection.send({ ...outgoing, signal }));
        });
      } catch (thrown) {
        throw connection.lost(thrown); // it broke off in the middle, or did not come in time
      }
    },
  });
}

function searchOf(query: AnyInput['query'] = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) search.append(name, String(one));
  }
  return search.size > 0 ? `?${search}` : '';
}

function toJson(body: unknown): string {
  try {
    return JSON.stringify(body);
  } catch (thrown) {
    throw new OptioError('invalid-input', `what is to be sent is no JSON: ${(thrown as Error).message}`, {
      cause: thrown,
      remedy: 'Give plain data: no BigInt, and nothing that holds itself.',
    });
  }
}

/** The server checks it as well; a header with anything else in it could not even be sent. */
function checkKey(key: string): string {
  if (/^[\x20-\x7e]{1,200}$/.test(key) && key.trim() === key) return key;
  throw new OptioError('invalid-input', `idempotencyKey: ${JSON.stringify(key.slice(0, 50))} is not a key`, {
    field: 'idempotencyKey',
    remedy: 'Give 1 to 200 printable characters (ASCII), without spaces around them.',
  });
}
