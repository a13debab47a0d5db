import type { ServerResponse } from 'node:http';
import { serveVerbs } from './client.ts';
import type { Received, RouteServer } from './route-server.ts';

/** A server whose journal a test writes: all of these for each reader, who says after which number. */
export async function serveJournal(tell: (after: number, outgoing: ServerResponse, count: number) => void) {
  const { server, client } = await serveVerbs({ patienceMs: 5_000 });
  server.on('readEvents', (received, outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    outgoing.flushHeaders();
    tell(Number(received.query.after), outgoing, server.count('readEvents').received);
    return outgoing;
  });
  return { server, client, run: await client.find('run-1') };
}

/** After which numbers the events were asked for. */
export const afters = (server: RouteServer): unknown[] =>
  server.received.flatMap(({ name, query }: Received) => (name === 'readEvents' ? [Number(query.after)] : []));
