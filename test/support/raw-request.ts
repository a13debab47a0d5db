import { type Agent, request } from 'node:http';
import type { RawRequest } from './bad-requests.ts';
import type { GivenAnswer } from './served-document.ts';

/** After how long a server hangs that has not answered, in milliseconds. Nothing that is asked here takes a hundredth of it. */
const DEADLINE_MS = 15_000;

export interface RawServer {
  readonly port: number;
  readonly agent: Agent;
}

/** Sends a request as it is. A stream of events is read up to the first sign that there is nothing more for now. */
export function sendRaw({ port, agent }: RawServer, { method, path, headers, body }: RawRequest): Promise<GivenAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<GivenAnswer>();
  const bytes = Buffer.from(body, 'latin1');
  const sized = bytes.length > 0 ? { 'Content-Length': String(bytes.length) } : {};
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path, headers: { ...headers, ...sized } });
  const late = setTimeout(() => outgoing.destroy(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  let isAnswered = false;
  outgoing.on('error', (error) => !isAnswered && reject(error));
  outgoing.on('response', (incoming) => {
    isAnswered = true;
    const type = incoming.headers['content-type']?.split(';')[0];
    const chunks: Buffer[] = [];
    const finish = () => {
      clearTimeout(late);
      resolve({ status: incoming.statusCode ?? 0, type, text: Buffer.concat(chunks).toString() });
    };
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (type !== 'text/event-stream' || !chunk.toString().endsWith(':\n\n')) return;
      finish();
      outgoing.destroy();
    });
    incoming.on('end', finish).on('error', reject);
  });
  outgoing.end(bytes);
  return promise.finally(() => clearTimeout(late));
}
