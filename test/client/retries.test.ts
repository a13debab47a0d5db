import { describe, expect, it, vi } from 'vitest';
import type { Retry } from '../../src/client/patience.ts';
import type { WaitingCall } from '../../src/client/waiting-call.ts';
import { OptioError } from '../../src/errors.ts';
import { openClient, serveVerbs } from '../support/client.ts';
import { problem, Refusal, RouteServer } from '../support/route-server.ts';

describe('a client whose connection is lost', () => {
  it('finds the server that has come to another port with another token, as it is told', async () => {
    const { server: before } = await serveVerbs();
    const { server: after } = await serveVerbs();
    const reconnect = vi.fn(async () => ({ url: after.url, token: 'new' }));
    const client = openClient({ url: before.url, token: 'old', reconnect });
    const run = await client.find('run-1');
    await before.close();
    await Promise.all([run.pause(), run.send('Go on.'), client.launch('nightly'), client.list()]);
    expect(reconnect).toHaveBeenCalledTimes(1);
    expect(after.received.map(({ token }) => token)).toEqual(Array(5).fill('new'));
    expect(await client.cancelGroup({ metadata: { a: 'b' } }, { reason: 'enough' })).toEqual(['run-1']);
  });

  it('does what is not to be done twice where nobody was there to hear of it', async () => {
    const { server: before } = await serveVerbs();
    const { server: after } = await serveVerbs();
    const client = openClient({ url: before.url, reconnect: async () => ({ url: after.url }) });
    await before.close();
    expect(await client.cancelGroup({ metadata: { a: 'b' } }, { reason: 'enough' })).toEqual(['run-1']);
    expect(after.count('cancelRuns').received).toBe(1);
  });

  it('does so too where only the question for the version was lost', async () => {
    const { server, client } = await serveVerbs();
    server.lose('showServer', 'after', 'middle');
    expect(await client.cancelGroup({ metadata: { a: 'b' } }, { reason: 'enough' })).toEqual(['run-1']);
    expect(server.count('cancelRuns').received).toBe(1);
  });

  it('starts no server only to stop it', async () => {
    const reconnect = vi.fn(async () => ({ url: 'http://127.0.0.1:1' }));
    const { server } = await serveVerbs();
    const client = openClient({ url: server.url, reconnect });
    await server.close();
    await expect(client.stopServer()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(reconnect).not.toHaveBeenCalled();
  });

  it('throws why no server can be started', async () => {
    const { server } = await serveVerbs();
    const why = new OptioError('data-directory-busy', 'another process has it');
    const client = openClient({ url: server.url, reconnect: () => Promise.reject(why) });
    await server.close();
    await expect(client.tasks()).rejects.toBe(why);
  });

  it('asks again for a server that is not there yet', async () => {
    const { server: before } = await serveVerbs();
    const { server: after } = await serveVerbs();
    const reconnect = vi
      .fn(async () => ({ url: after.url }))
      .mockRejectedValueOnce(new OptioError('server-unreachable', 'not yet'));
    const client = openClient({ url: before.url, reconnect });
    await before.close();
    expect(await client.models()).toEqual([]);
    expect(reconnect).toHaveBeenCalledTimes(2);
  });

  it('comes back to a server that comes back', async () => {
    const { server, client } = await serveVerbs({ onRetry: () => begin() });
    const { port } = server;
    const begin = vi.fn(async () => {
      begin.mockImplementation(async () => {});
      (await RouteServer.start({ port })).on('listModels', () => ({ models: [] }));
    });
    await server.close();
    expect(await client.models()).toEqual([]);
  });

  it('tells of each further attempt, and gives up after the time it has', async () => {
    const retries: Retry[] = [];
    const { server, client } = await serveVerbs({ patienceMs: 500, onRetry: (retry) => retries.push(retry) });
    await server.close();
    await expect(client.tasks()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(retries.length).toBeGreaterThan(1);
    for (const { error, waitMs } of retries) {
      expect(error.code).toBe('server-unreachable');
      expect(waitMs).toBeLessThanOrEqual(500);
    }
    expect(retries[1]?.waitMs).toBeGreaterThanOrEqual(100);
  });

  it('is called off while it waits: it says that nothing was sent, and sends nothing when the server is back', async () => {
    const told = Promise.withResolvers<WaitingCall | undefined>();
    const { server, client } = await serveVerbs({ patienceMs: 3_600_000, onRetry: ({ call }) => told.resolve(call) });
    const { port } = server;
    await server.close();
    const paused = client.pauseTask('nightly');
    paused.catch(() => {});
    const call = await told.promise;
    expect(call).toMatchObject({ method: 'POST', path: '/api/tasks/nightly/pause' });
    call?.callOff();
    await expect(paused).rejects.toMatchObject({ code: 'aborted', message: 'it was called off before it was sent' });
    await call?.over;
    const again = await RouteServer.start({ port });
    again.on('listModels', () => ({ models: [] }));
    await client.models();
    expect(again.count('pauseTask').received).toBe(0);
  });

  it('says that it may have been done, where it is called off after an answer was lost', async () => {
    const { server, client } = await serveVerbs({ onRetry: ({ call }) => call?.callOff() });
    server.lose('pauseTask', 'after');
    await expect(client.pauseTask('nightly')).rejects.toMatchObject({
      code: 'server-unreachable',
      remedy: expect.stringContaining('It may have been done'),
    });
    expect(server.count('pauseTask').received).toBe(1);
  });

  it('takes a run, a task, a token that is gone by then for removed, and no other', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    const gone = problem(404, { code: 'not-found', message: 'there is none' });
    for (const name of ['removeRun', 'removeTask', 'removeToken'] as const) {
      server.lose(name, 'after').on(name, () => (server.count(name).done > 1 ? gone : undefined));
    }
    await Promise.all([run.remove(), client.removeTask('nightly'), client.removeToken('token-1')]);
    for (const again of [() => run.remove(), () => client.removeTask('a'), () => client.removeToken('a')]) {
      await expect(again()).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('takes a run that is done by then for finished, and no other', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    const over = problem(409, { code: 'conversation-not-ready', message: 'it is not under way' });
    server.on('finishRun', () => (server.count('finishRun').done > 1 ? over : undefined));
    server.lose('finishRun', 'after');
    await run.finish();
    server.on('showRun', () => ({ id: 'run-1', state: 'failed' })).lose('finishRun', 'after');
    await expect(run.finish()).rejects.toMatchObject({ code: 'conversation-not-ready' });
  });

  it('ends no other turn than the one that ran when it was asked to', async () => {
    const { server, client } = await serveVerbs();
    const run = await client.find('run-1');
    server.on('showRun', () => ({ id: 'run-1', turnId: 'b' })).lose('interruptRun', 'after', 'before');
    await run.interrupt();
    const bodies = server.received.flatMap(({ name, body }) => (name === 'interruptRun' ? [body] : []));
    expect(bodies).toEqual([{ turnId: 'b' }, { turnId: 'b' }, { turnId: 'b' }]);
  });

  it('says that a token was made whose secret is lost', async () => {
    const { server, client } = await serveVerbs();
    server.lose('createToken', 'after');
    const reused = problem(422, { code: 'key-reused', message: 'a token was made with this key' });
    server.on('createToken', () => reused);
    await expect(client.createToken({ name: 'ci', role: 'viewer' })).rejects.toMatchObject({
      code: 'server-unreachable',
      message: 'the token ci was made, and its secret lost with the connection',
    });
    const options = { idempotencyKey: 'mine' };
    await expect(client.createToken({ name: 'ci', role: 'viewer' }, options)).rejects.toMatchObject({
      code: 'key-reused',
    });
  });
});

describe('a server that is busy', () => {
  it.each([429, 503])('is asked again when it says so, after as long as it says, by %i', async (status) => {
    const retries: Retry[] = [];
    const { server, client } = await serveVerbs({ onRetry: (retry) => retries.push(retry) });
    const busy = problem(status, { code: 'overloaded', message: 'not now' }, { 'retry-after': '1' });
    server.on('listTasks', () => (server.count('listTasks').done === 1 ? busy : { tasks: [] }));
    expect(await client.tasks()).toEqual([]);
    expect(retries).toMatchObject([{ waitMs: 1_000, error: { code: 'overloaded' } }]);
  });

  it('is asked again for what is not to be done twice only where it says that it was not done', async () => {
    const { server, client } = await serveVerbs();
    const group = () => client.cancelGroup({ metadata: { a: 'b' } }, { reason: 'enough' });
    const busy = problem(429, { code: 'overloaded', message: 'not now' }, { 'retry-after': '0' });
    server.on('cancelRuns', () => (server.count('cancelRuns').done === 1 ? busy : { runs: [] }));
    expect(await group()).toEqual([]);
    server.on('cancelRuns', () => new Refusal(504, 'it took too long'));
    await expect(group()).rejects.toMatchObject({ code: 'server-unreachable' });
    expect(server.count('cancelRuns').done).toBe(3);
  });

  it('is not asked again when it wants to be left alone for longer than one waits', async () => {
    const { server, client } = await serveVerbs({ patienceMs: 1_000 });
    const when = new Date(Date.now() + 3_600_000).toUTCString();
    server.on('listTasks', () => problem(429, { code: 'too-many-attempts', message: 'no' }, { 'retry-after': when }));
    await expect(client.tasks()).rejects.toMatchObject({ code: 'too-many-attempts' });
    expect(server.count('listTasks').received).toBe(1);
  });

  it('is left alone until the time that it names', async () => {
    const retried = Promise.withResolvers<Retry>();
    const { server, client } = await serveVerbs({ patienceMs: 7_200_000, onRetry: retried.resolve });
    const when = new Date(Date.now() + 3_600_000).toUTCString();
    server.on('listTasks', () => problem(429, { code: 'too-many-attempts', message: 'no' }, { 'retry-after': when }));
    client.tasks().catch(() => {}); // the client is closed before that
    expect((await retried.promise).waitMs).toBeGreaterThan(3_000_000);
  });

  it('means what it says with an error that has the status of a proxy', async () => {
    const { server, client } = await serveVerbs();
    server.on('listModels', () => problem(502, { code: 'codex-start-failed', message: 'codex did not come up' }));
    await expect(client.models()).rejects.toMatchObject({ code: 'codex-start-failed' });
    expect(server.count('listModels').received).toBe(1);
  });

  it.each([502, 503, 504])('is asked again when a proxy says %i', async (status) => {
    const { server, client } = await serveVerbs();
    server.on('listTasks', () =>
      server.count('listTasks').done < 3 ? new Refusal(status, 'Bad Gateway') : { tasks: [] },
    );
    expect(await client.tasks()).toEqual([]);
  });
});
