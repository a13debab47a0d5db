import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { getRequestListener, RequestError } from '@hono/node-server';
import { API_VERSION } from '../contract/server-info.ts';
import { fromUnknown } from '../errors.ts';
import { sendProblem } from './answer.ts';
import type { App } from './app.ts';
import type { AnsweredRequest, Exchange } from './exchange.ts';
import { HttpError, invalidInput } from './http-error.ts';
import { checkOrigin, type OriginRules, remoteOf } from './origin.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { problemOf } from './status.ts';
import { stopping } from './waiting.ts';

export interface ExchangesOptions {
  readonly app: App;
  readonly rules: OriginRules;
  readonly closing: AbortSignal;
  readonly onAnswered?: (answered: AnsweredRequest) => void;
}

const HEADERS = new Map(Object.entries({ ...SECURITY_HEADERS, 'Optio-Api-Version': String(API_VERSION) }));

/** All requests that are being answered, from their first look at the door to what is told of them afterwards. */
export class Exchanges {
  readonly #options: ExchangesOptions;
  readonly #open = new Map<IncomingMessage, Exchange>();
  readonly #serve: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;

  constructor(options: ExchangesOptions) {
    this.#options = options;
    this.#serve = getRequestListener(
      // Its answers come by way of `outgoing`; this is the only thing that it has to know.
      (request, { incoming }) => options.app.fetch(request, { exchange: this.#open.get(incoming as IncomingMessage) }),
      { overrideGlobalObjects: false, errorHandler: tellUnserved },
    );
  }

  begin(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { rules, closing } = this.#options;
    const begun = performance.now();
    const gone = new AbortController();
    const exchange: Exchange = {
      incoming,
      outgoing,
      remote: remoteOf(incoming, rules),
      origin: '',
      gone: gone.signal,
      caller: undefined,
      route: undefined,
      error: undefined,
    };
    this.#open.set(incoming, exchange);
    outgoing.setHeaders(HEADERS);
    outgoing.once('close', () => {
      gone.abort();
      this.#open.delete(incoming);
      this.#tell(exchange, performance.now() - begun);
    });
    try {
      exchange.origin = checkOrigin(incoming, rules);
      checkExpectation(incoming);
      if (closing.aborted) throw stopping();
    } catch (error) {
      exchange.error = error;
      sendProblem(outgoing, error);
      return;
    }
    void this.#serve(incoming, outgoing);
  }

  /** Whether an answer is on its way over this connection, so that nothing else may be written there. */
  isAnswering(socket: Duplex): boolean {
    return [...this.#open.values()].some(
      ({ incoming, outgoing }) => incoming.socket === socket && outgoing.headersSent,
    );
  }

  #tell({ incoming, outgoing, remote, caller, route, error }: Exchange, ms: number): void {
    this.#options.onAnswered?.({
      method: incoming.method ?? '',
      path: (incoming.url ?? '').replace(/[?#].*$/s, ''),
      route,
      status: outgoing.headersSent ? outgoing.statusCode : 499, // gone before there was an answer
      ms,
      caller: caller?.name,
      remote,
      error,
    });
  }
}

/** Node answers the one expectation that there is by itself. */
function checkExpectation({ headers: { expect } }: IncomingMessage): void {
  if (expect === undefined || /\b100-continue\b/i.test(expect)) return;
  throw new HttpError(417, invalidInput('Expect', 'this server knows of no such expectation', 'Leave the header out.'));
}

/** For an address that cannot be read, which comes before anything of ours; and for a mistake of our own around it. */
function tellUnserved(error: unknown): Response {
  const isAddress = error instanceof RequestError;
  const known = isAddress
    ? invalidInput('address', 'it cannot be read', 'Give a path such as /api/runs.')
    : fromUnknown(error);
  const problem = problemOf(known);
  const headers = { 'Content-Type': 'application/problem+json' };
  return new Response(JSON.stringify(problem), { status: problem.status, headers });
}
