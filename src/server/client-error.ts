import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { invalidInput } from './http-error.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { problemOf } from './status.ts';

const STATUS: Readonly<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

const WHY: Readonly<Record<number, readonly [what: string, remedy: string]>> = {
  408: ['nothing more of it came in time', 'Send it again, all of it.'],
  431: ['its headers are too long', 'Send fewer, or shorter ones: docs/http-api.md has the limits.'],
};
const NO_HTTP = [
  'what came cannot be read as HTTP/1.1',
  'Look at what is sent: a TLS handshake, for example, is not HTTP.',
] as const;

/** Answers what is no HTTP, or comes too slowly or with too long headers, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex, isAnswering: boolean): void {
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswering) return void socket.destroy();
  const status = STATUS[error.code ?? ''] ?? 400;
  const text = STATUS_CODES[status] ?? '';
  const [what, remedy] = WHY[status] ?? NO_HTTP;
  const problem = problemOf(invalidInput('request', what, remedy), status);
  const body = JSON.stringify(problem);
  const headers = {
    ...SECURITY_HEADERS,
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(body),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  socket.end([`HTTP/1.1 ${status} ${text}`, ...lines, '', body].join('\r\n'));
}
