import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from './caller.ts';

/** One request and its answer, and what is known of them by now. */
export interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  /** Where it came from, for limits and for the log. */
  readonly remote: string;
  /** As the caller addresses us: `http://HOST`. */
  origin: string;
  /** Raised when the caller has gone away. */
  readonly gone: AbortSignal;
  caller: Caller | undefined;
  /** The name of the route; undefined for what is none of ours. */
  route: string | undefined;
  /** What went wrong. */
  error: unknown;
}

/** A request that has been answered, for a log and for numbers. */
export interface AnsweredRequest {
  readonly method: string;
  /** Without what stands behind the `?`. */
  readonly path: string;
  readonly route: string | undefined;
  readonly status: number;
  /** From its headers to the end of its answer. */
  readonly ms: number;
  /** The name of the token that it came with. */
  readonly caller: string | undefined;
  readonly remote: string;
  /** What went wrong, with all that is not told to the outside; undefined when all went well. */
  readonly error: unknown;
}
