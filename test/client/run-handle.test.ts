import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/client/address.ts';
import { openClient, readAll, serveVerbs } from '../support/client.ts';
import { until } from '../support/processes.ts';
import { INFO, problem, RouteServer } from '../support/route-server.ts';

const OUTCOME = { status: 'done', text: 'Here you are.' };

describe('the outcome of a run', () => {
  it('is asked for when somebody wants to know, once for all of them, until there is one', async () => {
    const { server, client } = await serveVerbs();
    server.on('waitForRun', () => ({ outcome: server.count('waitForRun').done < 3 ? null : OUTCOME }));
    const run = await client.find('run-1');
    await run.details();
    expect(server.count('waitForRun').received).toBe(0);
    expect(await Promise.all([run.outcome, run.outcome])).toEqual([OUTCOME, OUTCOME]);
    expect(server.count('waitForRun').received).toBe(3);
    expect(server.received.at(-1)?.query).toEqual({ waitMs: ['25000'] });
  });

  it('is waited for longer than one is patient with anything else', async () => {
    const { server } = await serveVerbs();
    const began: number[] = [];
    const onRetry = async () => {
      began.push(1);
      if (began.length !== 4) return;
      const again = await RouteServer.start({ port });
      again.on('waitForRun', () => ({ outcome: OUTCOME }));
    };
    const { port } = server;
    const client = openClient({ url: server.url, patienceMs: 0, onRetry });
    const run = await client.find('run-1');
    await server.close();
    await expect(run.view()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(await run.outcome).toEqual(OUTCOME);
  });

  it('rejects for a run that is not there (any more), and when the client is closed; nobody has to look', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    server.on('waitForRun', () => problem(404, { code: 'not-found', message: 'there is no run run-1' }));
    await expect(run.outcome).rejects.toMatchObject({ code: 'not-found' });
    server.on('waitForRun', () => new Promise(() => {}));
    const { outcome } = await client.find('run-1');
    const { outcome: unseen } = await client.find('run-1');
    await until(() => server.count('waitForRun').received === 3);
    await client.close();
    await expect(outcome).rejects.toMatchObject({ code: 'aborted' });
    expect(unseen).toBeInstanceOf(Promise);
  });
});

describe('a run as a document', () => {
  it('comes in pieces, which may end in the middle of a character', async () => {
    const bytes = new TextEncoder().encode('# Über\n\n😀\n');
    const asked: URL[] = [];
    const fetch: Fetch = async (url) => {
      const { pathname } = new URL(url);
      if (!pathname.endsWith('/export')) return Response.json(pathname === '/api/server' ? INFO : { id: 'run-1' });
      if (asked.push(new URL(url)) === 1) throw new TypeError('fetch failed');
      const body = ReadableStream.from([bytes.slice(0, 3), bytes.slice(3, 12), bytes.slice(12)]);
      return new Response(body, { headers: { 'content-type': 'text/markdown; charset=utf-8' } });
    };
    const run = await openClient({ url: 'http://127.0.0.1', fetch }).find('run-1');
    expect(await readAll(run.export('md'))).toEqual(['# ', 'Über\n\n', '😀\n']);
    expect(asked.map(({ search }) => search)).toEqual(['?format=md', '?format=md']);
  });

  it('is an error when it breaks off', async () => {
    const { server, client } = await serveVerbs();
    server.on('exportRun', (_received, outgoing) => {
      outgoing.writeHead(200, { 'content-type': 'application/json' });
      outgoing.write('{"events":[', () => outgoing.destroy());
      return outgoing;
    });
    await expect(readAll((await client.find('run-1')).export('json'))).rejects.toMatchObject({
      code: 'server-unreachable',
    });
    expect(server.count('exportRun').received).toBe(1);
  });
});

describe('a client', () => {
  it('calls off what waits when it is closed, and sends nothing any more; its scope does the same', async () => {
    const { server } = await serveVerbs();
    server.on('sendMessage', () => new Promise(() => {}));
    const controller = new AbortController();
    const clients = [openClient({ url: server.url }), openClient({ url: server.url, signal: controller.signal })];
    const sent = await Promise.all(clients.map(async (client) => (await client.find('run-1')).send.bind(null)));
    const sending = sent.map((send) => send('Go on.'));
    for (const one of sending) one.catch(() => {});
    await until(() => server.count('sendMessage').received === 2);
    await clients[0]?.[Symbol.asyncDispose]();
    controller.abort();
    for (const one of sending) await expect(one).rejects.toMatchObject({ code: 'aborted' });
    const { length } = server.received;
    for (const client of clients) await expect(client.tasks()).rejects.toMatchObject({ code: 'aborted' });
    expect(server.received.length).toBe(length);
  });

  it('gives up no wait for another attempt that is called off', async () => {
    const { server } = await serveVerbs();
    const waiting = Promise.withResolvers<void>();
    const client = openClient({ url: server.url, patienceMs: 3_600_000, onRetry: () => waiting.resolve() });
    server.on('listTasks', () => problem(429, { code: 'overloaded', message: 'no' }, { 'retry-after': '3000' }));
    const asked = client.tasks();
    asked.catch(() => {});
    await waiting.promise;
    await client.close();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a block', () => {
  it('is lifted by whoever has it, however often, and by the end of its scope unless it is to last', async () => {
    const { server, client } = await serveVerbs();
    {
      await using block = await client.block({}, { reason: 'no' });
      expect(block).toMatchObject({ id: 'block-1', isPersistent: false });
    }
    expect(server.received.at(-1)).toMatchObject({ name: 'removeBlock', params: { block: 'block-1' } });
    server.on('removeBlock', () => problem(404, { code: 'not-found', message: 'it is lifted' }));
    const [block] = await client.blocks();
    await block?.release();
    server.on('addBlock', () => ({ id: 'block-2', isPersistent: true }));
    {
      await using _lasting = await client.block({}, { reason: 'no', persist: true });
    }
    expect(server.count('removeBlock').received).toBe(2);
  });
});
