import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import type { OptioApi } from '../contract/api.ts';
import type { RouteBody, RouteParams, RouteQuery, RouteResult, RouteSpec } from '../contract/route.ts';
import type { RouteName, Routes } from '../contract/routes.ts';
import type { ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
import type { OpenedFile } from '../contract/workspace-file.ts';
import type { Caller } from './caller.ts';
import type { LoginLinks } from './login-links.ts';
import type { StreamOptions } from './sse-response.ts';

/** What all handlers share. */
export interface ServerContext {
  readonly api: OptioApi;
  readonly info: Omit<ServerInfo, 'caller'>;
  readonly onStop: (options: StopServer) => Promise<StopReport>;
  /** What lets a browser in without a token. */
  readonly links: LoginLinks;
  /** Raised when the server closes. */
  readonly closing: AbortSignal;
  /** What holds for all streams of events. */
  readonly streams?: Omit<StreamOptions, 'closing'>;
}

/** A request to a route, once it is known to be a proper one. */
export interface RouteInput<R extends RouteSpec> {
  readonly params: RouteParams<R>;
  readonly query: RouteQuery<R>;
  readonly body: R['body'] extends 'bytes' ? Uint8Array : RouteBody<R>;
  /** What its `Idempotency-Key` says, as an option for what it makes. */
  readonly once: { readonly idempotencyKey?: string };
  readonly caller: Caller;
  /** Raised when the caller has gone away. */
  readonly gone: AbortSignal;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** A file to be kept, never to be shown. */
export interface FileAnswer {
  readonly name: string;
  readonly file: OpenedFile;
}

/** A zip that is made as it is read. */
export interface ZipAnswer {
  readonly name: string;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/** A text that comes in pieces. */
export interface TextAnswer {
  readonly type: string;
  readonly name: string;
  readonly pieces: AsyncIterable<string>;
}

/** What a handler gives: the body of the answer. Nothing is told of what it gives where the route has no result, or it writes a stream itself. */
type RouteAnswer<R extends RouteSpec> = R['answers'] extends 'events'
  ? unknown
  : R['answers'] extends 'file'
    ? FileAnswer
    : R['answers'] extends 'zip'
      ? ZipAnswer
      : R['answers'] extends 'text'
        ? TextAnswer
        : R['result'] extends z.ZodType
          ? RouteResult<R>
          : unknown;

type Handler<R extends RouteSpec> = (input: RouteInput<R>) => Promise<RouteAnswer<R>>;

/** One for each of these routes: the compiler finds what is missing. */
export type Handlers<Names extends RouteName> = { readonly [Name in Names]: Handler<Routes[Name]> };
