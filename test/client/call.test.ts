import { Agent, fetch as fetchOver } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Fetch } from '../../src/client/address.ts';
import { connectTo } from '../../src/client/client.ts';
import { openClient, serveVerbs } from '../support/client.ts';
import { testDirectory } from '../support/directories.ts';
import { RouteServer } from '../support/route-server.ts';

describe('what a client sends', () => {
  it('has the filter, the order and the page in the address', async () => {
    const { server, client } = await serveVerbs();
    await client.list({
      states: ['running', 'paused'],
      metadata: { team: 'red & blue', 'a b': 'x:y' },
      isWaiting: true,
      sort: '-endedAt',
      limit: 7,
      cursor: 'c/1+=',
    });
    expect(server.received.at(-1)?.query).toEqual({
      state: ['running', 'paused'],
      tag: ['team:red & blue', 'a b:x:y'],
      waiting: ['true'],
      sort: ['-endedAt'],
      limit: ['7'],
      cursor: ['c/1+='],
    });
  });

  it('names a task whatever it is called', async () => {
    const { server, client } = await serveVerbs();
    await client.task('a/b?c#d%2e ü');
    expect(server.received.at(-1)?.params).toEqual({ task: 'a/b?c#d%2e ü' });
  });

  it('has times as text, and the key as a header and nowhere else', async () => {
    const { server, client } = await serveVerbs();
    const options = { priority: 3, notBefore: new Date('2026-12-01T08:00:00+01:00') };
    await client.launch('nightly', { ...options, idempotencyKey: 'one' });
    expect(server.received.at(-1)?.body).toEqual({ priority: 3, notBefore: '2026-12-01T07:00:00.000Z' });
    const spec = { instructions: 'Go.', workspace: { fresh: true } } as const;
    await client.run(spec, { ...options, idempotencyKey: 'two', ttlMs: 5, rules: [] });
    expect(server.received.at(-1)?.body).toEqual({
      spec,
      options: { priority: 3, notBefore: '2026-12-01T07:00:00.000Z', ttlMs: 5, rules: [] },
    });
    expect(server.done.map(({ key }) => key)).toEqual([undefined, 'one', 'two']);
  });

  it('has the key of whoever gives one, for everything that makes something', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    await client.demo({ idempotencyKey: 'demo', paceMs: 5 });
    await run.retry({ idempotencyKey: 'retry' });
    await run.send('Go on.', { idempotencyKey: 'send', steer: true });
    await client.block({ metadata: { team: 'red' } }, { reason: 'no', persist: true, idempotencyKey: 'block' });
    await client.createToken({ name: 'ci', role: 'viewer' }, { idempotencyKey: 'token' });
    expect(server.done.flatMap(({ key, body }) => (key === undefined ? [] : [[key, body]]))).toEqual([
      ['demo', { paceMs: 5 }],
      ['retry', undefined],
      ['send', { text: 'Go on.', steer: true }],
      ['block', { metadata: { team: 'red' }, reason: 'no', persist: true }],
      ['token', { name: 'ci', role: 'viewer' }],
    ]);
  });

  it('has the bytes of a file as they are, and gives them so', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    const content = Uint8Array.from({ length: 256 }, (_, index) => index);
    await run.writeFile('a/b c.bin', content);
    expect(server.received.at(-1)).toMatchObject({ query: { path: ['a/b c.bin'] }, body: content });
    server.on('readFile', () => content);
    expect(await run.readFile('a/b c.bin')).toEqual(content);
  });

  it('goes below the base path of its address', async () => {
    const { server } = await serveVerbs();
    await openClient({ url: `${server.url}/codex/` }).tasks();
    expect(server.paths.at(-1)).toBe('/codex/api/tasks');
  });

  it('goes over a unix socket with a fetch that can do so', async () => {
    const path = `${testDirectory('socket')}/api.sock`;
    const server = await RouteServer.start({ path });
    server.on('listTasks', () => ({ tasks: [] }));
    const dispatcher = new Agent({ connect: { socketPath: path } });
    const overSocket = ((url, init) => fetchOver(url, { ...(init as object), dispatcher })) as Fetch;
    expect(await openClient({ url: 'http://localhost', fetch: overSocket }).tasks()).toEqual([]);
    await server.close();
    await dispatcher.close();
  });

  it.each([
    ['url', { url: 'nowhere' }],
    ['url', { url: 'ftp://127.0.0.1' }],
    ['url', { url: 'http://ada:secret@127.0.0.1' }],
    ['token', { url: 'http://127.0.0.1', token: '' }],
    ['token', { url: 'http://127.0.0.1', token: 'secret\n' }],
  ])('refuses at once what can never work: %s of %j', (field, options) => {
    expect(() => connectTo(options)).toThrow(expect.objectContaining({ code: 'invalid-input' }));
    expect(() => connectTo(options)).toThrow(field);
    expect(() => connectTo(options), 'no secret is told').not.toThrow(/secret/);
  });

  it.each([
    ['a key of two lines', { idempotencyKey: 'a\nb' }],
    ['an empty key', { idempotencyKey: '' }],
    ['a key that is too long', { idempotencyKey: 'k'.repeat(201) }],
    ['a time that is none', { notBefore: new Date('tomorrow') }],
    ['params that are no JSON', { params: { count: 1n } }],
  ])('refuses %s, and sends nothing', async (_what, options) => {
    const { server, client } = await serveVerbs();
    await expect(client.launch('nightly', options)).rejects.toMatchObject({ code: 'invalid-input' });
    expect(server.received).toEqual([]);
  });
});
