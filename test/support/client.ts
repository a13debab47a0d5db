import { onTestFinished } from 'vitest';
import { connectTo, type OptioClient } from '../../src/client/client.ts';
import type { ConnectOptions } from '../../src/client/connection.ts';
import { VERBS } from './client-verbs.ts';
import { RouteServer } from './route-server.ts';

/** A client that is closed with the test. */
export function openClient(options: ConnectOptions): OptioClient {
  const client = connectTo(options);
  onTestFinished(() => client.close());
  return client;
}

/** A server that answers every route that answers in one piece, and a client of it. */
export async function serveVerbs(
  options: Partial<ConnectOptions> = {},
): Promise<{ readonly server: RouteServer; readonly client: OptioClient }> {
  const server = await RouteServer.start();
  for (const [name, { answer }] of Object.entries(VERBS)) server.on(name as keyof typeof VERBS, () => answer);
  return { server, client: openClient({ url: server.url, token: 'secret', ...options }) };
}

/** All that comes, until it ends. */
export async function readAll<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
