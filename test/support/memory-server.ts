import type { Fetch } from '../../src/client/address.ts';
import { INFO } from './route-server.ts';

/** A server in this process: what it answers to being asked for the events after a number. */
export function serveInMemory(stream: (after: number, init: RequestInit) => ReadableStream<Uint8Array>): Fetch {
  return async (url, init) => {
    const { pathname, searchParams } = new URL(url);
    if (pathname === '/api/server') return Response.json(INFO);
    if (!pathname.endsWith('/events')) return Response.json({ id: 'run-1' });
    const headers = { 'content-type': 'text/event-stream' };
    return new Response(stream(Number(searchParams.get('after')), init), { headers });
  };
}
