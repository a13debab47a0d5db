import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Fault } from './faults.ts';

/** A request, as the endpoints look at it. */
export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly userAgent: string;
  /** The bearer token, or an empty text. */
  readonly bearer: string;
  readonly body: string;
}

/** What is answered. A text goes as HTML, all else as JSON. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Reads a request to its end. */
export async function readAsked(request: IncomingMessage): Promise<Asked> {
  const { headers, method = 'GET', url = '/' } = request;
  return {
    method,
    headers,
    url: new URL(url, `https://${headers.host ?? 'identity'}`),
    userAgent: headers['user-agent'] ?? '',
    bearer: bearerOf(headers),
    body: await text(request),
  };
}

export function bearerOf(headers: IncomingMessage['headers']): string {
  return /^Bearer (.*)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

/** The fields of a body, whether it is JSON or a form; none when it is neither. */
export function fieldsOf({ headers, body }: Asked): Readonly<Record<string, string>> {
  if (headers['content-type']?.includes('form')) return Object.fromEntries(new URLSearchParams(body));
  try {
    return JSON.parse(body) as Record<string, string>;
  } catch {
    return {};
  }
}

/** An error in the provider's shape. */
export function refuse(status: number, code: string, message = code): Reply {
  return { status, body: { error: { message, type: 'invalid_request_error', param: null, code } } };
}

/** Answers, unless the fault has it otherwise. `act` is what the provider does about the request. */
export async function answer(
  response: ServerResponse,
  act: () => Reply | Promise<Reply>,
  fault: Fault | undefined,
  meet: () => void,
): Promise<number> {
  if (fault?.kind === 'status') {
    meet();
    return send(response, fault);
  }
  const isBefore = (fault?.kind === 'hold' || fault?.kind === 'cut') && fault.when === 'before';
  if (isBefore) {
    meet();
    if (fault.kind === 'cut') return cut(response);
    await fault.until;
    if (response.destroyed) return 0; // whoever asked has given up, and may have asked again
  }
  const reply = await act();
  if (!isBefore) meet();
  switch (fault?.kind) {
    case 'hold':
      if (!isBefore) await fault.until;
      return send(response, reply);
    case 'cut':
      if (fault.when === 'halfway') return sendPart(response, reply, (length) => length / 2);
      return fault.when === 'at the end' ? sendPart(response, reply, (length) => length - 1) : cut(response);
    case 'twice':
      return sendTwice(response, reply);
    case 'malformed':
      return send(response, { ...reply, body: '{"access_token": "' });
    case 'without':
      return send(response, { ...reply, body: without(reply.body as object, fault.fields) });
    default:
      return send(response, reply);
  }
}

function send(response: ServerResponse, reply: Reply): number {
  if (response.destroyed) return 0; // whoever asked has gone
  const { headers, bytes } = encode(reply);
  response.writeHead(reply.status, headers).end(bytes);
  return reply.status;
}

function sendPart(response: ServerResponse, reply: Reply, part: (length: number) => number): number {
  const { headers, bytes } = encode(reply);
  response.writeHead(reply.status, headers);
  response.write(bytes.subarray(0, part(bytes.length)), () => response.socket?.destroySoon());
  return 0;
}

function sendTwice(response: ServerResponse, reply: Reply): number {
  const { headers, bytes } = encode(reply);
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const again = Buffer.concat([Buffer.from(`HTTP/1.1 ${reply.status} OK\r\n${head.join('')}\r\n`), bytes]);
  const { socket } = response;
  response.writeHead(reply.status, headers).end(bytes, () => socket?.write(again));
  return reply.status;
}

function cut(response: ServerResponse): number {
  response.socket?.destroy();
  return 0;
}

function encode({ body = {}, headers = {} }: Reply): { headers: Record<string, string | number>; bytes: Buffer } {
  const isText = typeof body === 'string';
  const bytes = Buffer.from(isText ? body : JSON.stringify(body));
  const type = isText ? 'text/html; charset=utf-8' : 'application/json';
  return { headers: { 'content-type': type, 'content-length': bytes.length, ...headers }, bytes };
}

function without(body: object, fields: readonly string[]): object {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !fields.includes(name)));
}
