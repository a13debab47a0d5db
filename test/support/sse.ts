import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { createParser } from 'eventsource-parser';
import { onTestFinished } from 'vitest';
import { testDirectory } from './directories.ts';
import { until } from './processes.ts';

/** What stood in a stream: a message, or a comment. */
interface Told {
  readonly id?: string;
  readonly event?: string;
  readonly data?: unknown;
  readonly comment?: string;
}

/** Somebody who reads a stream of server-sent events. */
export interface SseReader {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly told: Told[];
  /** How the response came to its end. */
  readonly ended: Promise<'whole' | 'torn'>;
  /** Reads nothing any more, or again. */
  pause(): void;
  resume(): void;
  leave(): void;
  /** Resolves when this many were told. */
  has(count: number): Promise<Told[]>;
}

/** A bare server of Node's on a unix socket, whose buffers are small: what becomes of readers shows soon. */
export async function serveOnSocket(answer: (response: ServerResponse, url: URL) => void): Promise<string> {
  const path = join(testDirectory('sse'), 'server.sock');
  const server = createServer((incoming, response) => answer(response, new URL(incoming.url ?? '/', 'http://server')));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return path;
}

/** Opens a stream; resolves with the head of the answer. */
export async function openSse(socketPath: string, path = '/'): Promise<SseReader> {
  const asked = request({ socketPath, path, agent: false });
  asked.end();
  const incoming = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject);
  });
  const told: Told[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      told.push({ ...(id !== undefined && { id }), ...(event !== undefined && { event }), data: JSON.parse(data) }),
    onComment: (comment) => told.push({ comment }),
  });
  incoming.setEncoding('utf8').on('data', (text: string) => parser.feed(text));
  const ended = new Promise<'whole' | 'torn'>((resolve) => {
    incoming.once('error', () => {}).once('close', () => resolve(incoming.complete ? 'whole' : 'torn'));
  });
  return {
    status: incoming.statusCode,
    headers: incoming.headers,
    told,
    ended,
    pause: () => void incoming.pause(),
    resume: () => void incoming.resume(),
    leave: () => void asked.destroy(),
    async has(count) {
      await until(() => told.length >= count, `${count} pieces`);
      return told;
    },
  };
}
