import type { z } from 'zod';
import type { Role } from './role.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What of a route differs from the next. Everything that speaks HTTP is made of it: server, client, document and tests. */
export interface RouteSpec {
  readonly method: Method;
  /** From the address of the server on; what stands in braces is a parameter. */
  readonly path: `/${string}`;
  /** In a line, for the reference. */
  readonly summary: string;
  /** In more words, where there is more to say. */
  readonly description?: string;
  /** What the caller has to be. */
  readonly role: Role;
  /** What stands behind the `?` of its address; a field that is an array may be given several times. */
  readonly query?: z.ZodObject;
  /** The body of the request, as JSON; `bytes` for a file. */
  readonly body?: z.ZodType | 'bytes';
  /** The body of the answer, as JSON; nothing unless given. */
  readonly result?: z.ZodType;
  /** What the answer is instead of one piece of JSON: server-sent events, a file, a zip, or text. */
  readonly answers?: 'events' | 'file' | 'zip' | 'text';
  /** The status of the answer when all is well (200, or 204 without a result). */
  readonly status?: 200 | 201 | 202 | 204;
  /**
   * What comes of the same call again, for whoever has not heard the answer: `keyed`: it makes something, once for each
   * `Idempotency-Key`; `same`: nothing more; `no`: it might do something else. As HTTP has it `POST` means `no`, and the
   * others `same`, unless this says otherwise.
   */
  readonly repeat?: 'keyed' | 'same' | 'no';
}

/** Declares routes; their types are what the server has to implement and the client may call. */
export function defineRoutes<const T extends Readonly<Record<string, RouteSpec>>>(routes: T): T {
  return routes;
}

/** The names in braces in a path. */
type ParamNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamNames<Rest> : never;

export type RouteParams<R extends RouteSpec> = { readonly [Name in ParamNames<R['path']>]: string };
export type RouteQuery<R extends RouteSpec> = R['query'] extends z.ZodObject
  ? z.output<R['query']>
  : Record<string, never>;
export type RouteBody<R extends RouteSpec> = R['body'] extends z.ZodType ? z.output<R['body']> : undefined;
export type RouteResult<R extends RouteSpec> = R['result'] extends z.ZodType ? z.output<R['result']> : undefined;

/** Whether whoever has not heard the answer may call it again, with the same key where it takes one. */
export function mayBeRepeated(route: RouteSpec): boolean {
  return repeatOf(route) !== 'no';
}

export function repeatOf({ method, repeat = method === 'POST' ? 'no' : 'same' }: RouteSpec): 'keyed' | 'same' | 'no' {
  return repeat;
}

/** The names of the parameters in a path. */
export function paramsOf(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
}

/** A path with its parameters filled in. */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
}
