import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Exchanges } from '../../src/server/exchanges.ts';
import { until } from '../support/processes.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

/** Says something over a bare connection; gives all that is answered until the connection ends. */
async function say(port: number, ...pieces: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const piece of pieces) socket.write(piece);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

describe('a server that closes', () => {
  it('tells readers, and does not wait for them', async () => {
    const { api, asked } = scriptApi();
    const { ask, close } = await openServer(api);
    const events = ask('/api/runs/run-1/events');
    await until(() => asked.length === 1);
    await close();
    expect((await events).text).toMatch(/event: cut\ndata: \{"code":"aborted"/);
  });

  it('ends long waits: with what there is, or with a problem that says when to come again', async () => {
    const asked: string[] = [];
    const send = async () => {
      asked.push('send');
      return new Promise<never>(() => {});
    };
    const { ask, close } = await openServer(scriptApi({ handle: { send } }).api);
    const outcome = ask('/api/runs/run-1/outcome?waitMs=60000');
    const sent = ask('/api/runs/run-1/messages', { method: 'POST', body: { text: 'hello' } });
    await until(() => asked.length === 1);
    await close();
    expect(await outcome).toMatchObject({ status: 200, json: { outcome: null } });
    expect(await sent).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, json: { code: 'aborted' } });
  });

  it('lets what is short come to its end', async () => {
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    const list = async () => {
      isAsked = true;
      await gate.promise;
      return { runs: [], next: null };
    };
    const { ask, close } = await openServer(scriptApi({ api: { list } }).api);
    const answer = ask('/api/runs');
    await until(() => isAsked);
    const closed = close();
    gate.resolve();
    await closed;
    expect(await answer).toMatchObject({ status: 200 });
  });

  it('breaks off what does not end', async () => {
    let isAsked = false;
    const list = () => {
      isAsked = true;
      return new Promise<never>(() => {});
    };
    const { ask, close } = await openServer(scriptApi({ api: { list } }).api, { limits: { closeMs: 10 } });
    const answer = ask('/api/runs').catch((error: Error) => error.message);
    await until(() => isAsked);
    await close();
    expect(await answer).toMatch(/hang up|ECONNRESET/);
  });

  it('does not wait for connections on which nothing is asked', async () => {
    const { port, close } = await openServer(undefined, { limits: { closeMs: 2 ** 30 } });
    const socket = connect(port, '127.0.0.1');
    socket.write(`GET /nothing HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    await close();
    socket.destroy();
  });

  it('closes connections that are kept as soon as they are answered', async () => {
    const gate = Promise.withResolvers<void>();
    let isAsked = false;
    const list = async () => {
      isAsked = true;
      await gate.promise;
      return { runs: [], next: null };
    };
    const { port, close } = await openServer(scriptApi({ api: { list } }).api, { limits: { closeMs: 2 ** 30 } });
    const request = ['GET /api/runs HTTP/1.1', `Host: localhost:${port}`, 'Authorization: Bearer owner-token'];
    const answer = say(port, `${request.join('\r\n')}\r\n\r\n`);
    await until(() => isAsked);
    const closed = close();
    gate.resolve();
    await closed;
    expect(await answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('refuses what is asked over them meanwhile, and says when to come again', async () => {
    const rules = { port: undefined, allowedHosts: [], trustProxy: false };
    const exchanges = new Exchanges({ app: new Hono(), rules, closing: AbortSignal.abort() });
    const server = createServer((incoming, outgoing) => exchanges.begin(incoming, outgoing));
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const answer = await say(port, 'GET /api/runs HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toMatch(/Retry-After: 1\r\n/);
  });

  it('closes once, however often it is told', async () => {
    const { close } = await openServer();
    await Promise.all([close(), close()]);
    await close();
  });
});

describe('what is no proper HTTP', () => {
  it.each([
    ['NONSENSE\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['POST /api/runs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n', 400],
  ])('is answered, and its connection closed: %j', async (text, status) => {
    const { port } = await openServer();
    const answer = await say(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toMatch(/connection: close/i);
  });

  it('is answered with a problem and the headers of all answers', async () => {
    const { port } = await openServer();
    const answer = await say(port, 'NONSENSE\r\n\r\n');
    expect(answer).toContain('X-Content-Type-Options: nosniff\r\n');
    const [, body = ''] = answer.split('\r\n\r\n');
    expect(JSON.parse(body)).toMatchObject({
      ...{ status: 400, code: 'invalid-input' },
      message: 'request: what came cannot be read as HTTP/1.1',
    });
  });

  it('has to come in time: headers', async () => {
    const { port } = await openServer(undefined, { limits: { headersMs: 50 } });
    expect(await say(port, 'GET / HTTP/1.1\r\n')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('has to come in time: a body', async () => {
    const { port } = await openServer(undefined, { limits: { idleMs: 50 } });
    const head = [
      'POST /api/demo HTTP/1.1',
      `Host: localhost:${port}`,
      'Authorization: Bearer owner-token',
      'Content-Type: application/json',
      'Content-Length: 100',
    ].join('\r\n');
    expect(await say(port, `${head}\r\n\r\n`, '{')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('holds up nobody else: there is a number of connections', async () => {
    const { port, ask } = await openServer(undefined, { limits: { connections: 1 } });
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    await expect(ask('/api/runs')).rejects.toThrow();
    socket.destroy();
    await until(async () => (await ask('/api/runs').catch(() => ({ status: 0 }))).status === 200);
  });
});
