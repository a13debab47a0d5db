import type { ServerResponse } from 'node:http';
import type { RouteSpec } from '../contract/route.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { FileAnswer, TextAnswer, ZipAnswer } from './handler.ts';
import { HttpError } from './http-error.ts';
import { piecesOf, STALL_MS, writePaced } from './paced.ts';
import { problemOf } from './status.ts';
import { stopping } from './waiting.ts';

/**
 * Writes what a handler gave, at the pace of whoever reads it: one who takes nothing for `stallMs` is let go (`overloaded`). Events
 * the handler has written itself.
 */
export async function sendAnswer(
  outgoing: ServerResponse,
  route: RouteSpec,
  answer: unknown,
  stallMs = STALL_MS,
): Promise<void> {
  if (route.answers === 'events') return;
  if (route.answers === 'file') return sendFile(outgoing, answer as FileAnswer, stallMs);
  if (route.answers === 'zip')
    return sendPieces(outgoing, { type: 'application/zip', ...(answer as ZipAnswer) }, stallMs);
  if (route.answers === 'text') {
    const { type, ...text } = answer as TextAnswer;
    return sendPieces(outgoing, { type: `${type}; charset=utf-8`, ...text }, stallMs);
  }
  if (route.result === undefined) return void outgoing.writeHead(route.status ?? 204).end();
  const body = Buffer.from(JSON.stringify(answer));
  outgoing.writeHead(route.status ?? 200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  await writePaced(outgoing, piecesOf(body), stallMs);
}

/** Writes something small. */
export function sendJson(outgoing: ServerResponse, status: number, value: unknown, headers: Headers = {}): void {
  const body = Buffer.from(JSON.stringify(value));
  outgoing.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers });
  outgoing.end(body);
}

/** Tells an error; where an answer has begun already, it breaks off, so that nobody takes it for whole. */
export function sendProblem(outgoing: ServerResponse, thrown: unknown): void {
  if (outgoing.headersSent) return void outgoing.destroy();
  const error = fromUnknown(thrown);
  const { status, headers } = answerTo(error);
  const problem = problemOf(error, status);
  sendJson(outgoing, problem.status, problem, { ...headers, 'Content-Type': 'application/problem+json' });
}

/** What is cut off because all of it is closed will be answered by the next server. */
function answerTo(error: OptioError): Partial<Pick<HttpError, 'status' | 'headers'>> {
  if (error instanceof HttpError) return error;
  return error.code === 'aborted' ? stopping() : {};
}

type Headers = Readonly<Record<string, string>>;

/** One that has become shorter meanwhile breaks off, so that nobody takes it for whole. */
async function sendFile(outgoing: ServerResponse, { name, file }: FileAnswer, stallMs: number): Promise<void> {
  try {
    outgoing.strictContentLength = true;
    outgoing.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      'Content-Length': file.size,
      ...attachment(name),
    });
    await writePaced(outgoing, file.pieces, stallMs);
  } finally {
    await file.close();
  }
}

/** The first piece comes before the headers: what fails at once is told as any other error. */
async function sendPieces<T extends string | Uint8Array>(
  outgoing: ServerResponse,
  { type, name, pieces }: { readonly type: string; readonly name: string; readonly pieces: AsyncIterable<T> },
  stallMs: number,
): Promise<void> {
  const iterator = pieces[Symbol.asyncIterator]();
  const first = await iterator.next();
  outgoing.writeHead(200, { 'Content-Type': type, ...attachment(name) });
  await writePaced(outgoing, resumed(first, iterator), stallMs);
}

async function* resumed<T>(first: IteratorResult<T>, iterator: AsyncIterator<T>): AsyncIterable<T> {
  try {
    for (let piece = first; !piece.done; piece = await iterator.next()) yield piece.value;
  } finally {
    await iterator.return?.();
  }
}

/** To be kept as a file of this name, as RFC 6266 has it, and never to be shown. */
function attachment(name: string): Headers {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%;]/g, '_');
  const whole = encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return {
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${whole}`,
    'Content-Security-Policy': "sandbox; default-src 'none'",
  };
}
