import { describe, expect, it } from 'vitest';
import type { OptioClient } from '../../src/client/client.ts';
import { ChildFailed, ConversationClosed, HostCommandError, LaunchRefused, OptioError } from '../../src/errors.ts';
import { readAll, serveVerbs } from '../support/client.ts';
import { problem, Refusal, type RouteServer } from '../support/route-server.ts';

async function refuse(refusal: Refusal): Promise<{ server: RouteServer; client: OptioClient; thrown: OptioError }> {
  const { server, client } = await serveVerbs({ patienceMs: 0 });
  server.on('launchTask', () => refusal);
  const thrown = await client.launch('nightly').then(
    () => expect.unreachable('it was refused'),
    (error: OptioError) => error,
  );
  return { server, client, thrown };
}

describe('what a server refuses', () => {
  it('throws the same error as in its process', async () => {
    const record = { code: 'invalid-input', message: 'params: not so', remedy: 'Give others.', field: 'params' };
    const { thrown } = await refuse(problem(400, record));
    expect(thrown).toBeInstanceOf(OptioError);
    expect(thrown).toMatchObject({
      name: 'OptioError',
      code: 'invalid-input',
      message: 'params: not so',
      remedy: 'Give others.',
      details: { field: 'params' },
    });
  });

  it('throws what a command has said', async () => {
    const said = { exitCode: null, signal: 'SIGKILL', stderr: 'Killed\n' };
    const { thrown } = await refuse(problem(502, { code: 'codex-exited', message: 'codex has ended', ...said }));
    expect(thrown).toMatchObject({ code: 'codex-exited', details: said });
  });

  it.each([
    ['launch-refused', LaunchRefused],
    ['conversation-closed', ConversationClosed],
    ['child-failed', ChildFailed],
    ['host-command-failed', HostCommandError],
  ] as const)('throws the class that %s has', async (code, Class) => {
    const { thrown } = await refuse(problem(409, { code, message: 'no', remedy: 'Wait.' }));
    expect(thrown).toBeInstanceOf(Class);
    expect(thrown).toMatchObject({ name: Class.name, code, message: 'no', remedy: 'Wait.' });
  });

  it('throws why a launch was refused', async () => {
    const { thrown } = await refuse(problem(409, { code: 'launch-refused', message: 'full', reason: 'at-limit' }));
    expect(thrown).toMatchObject({ reason: 'at-limit' });
  });

  it.each([
    [404, 'server-unreachable'],
    [401, 'server-unreachable'],
    [502, 'server-unreachable'],
    [500, 'internal'],
  ])('says that a page with %i is none of its answers', async (status, code) => {
    const { thrown } = await refuse(new Refusal(status, '<h1>Welcome</h1>'));
    expect(thrown).toMatchObject({ code });
    expect(thrown.message).toContain(String(status));
    expect(thrown.message).not.toContain('<h1>');
  });

  it.each([
    ['launchTask', (client: OptioClient) => client.launch('nightly')],
    ['cancelRun', async (client: OptioClient) => (await client.find('run-1')).cancel()],
    ['readFile', async (client: OptioClient) => (await client.find('run-1')).readFile('a')],
    ['exportRun', async (client: OptioClient) => readAll((await client.find('run-1')).export('md'))],
    ['readEvents', async (client: OptioClient) => readAll((await client.find('run-1')).events())],
  ] as const)('takes a page for no answer to %s, although it says that all is well', async (name, say) => {
    const { server, client } = await serveVerbs({ patienceMs: 0 });
    server.on(name, () => new Refusal(200, '<form>Log in</form>'));
    await expect(say(client)).rejects.toMatchObject({
      code: 'server-unreachable',
      message: expect.stringContaining('200 OK (text/html)'),
      remedy: expect.stringContaining('base path'),
    });
  });

  it('knows no code of a newer server, and says what stands there', async () => {
    const { thrown } = await refuse(problem(418, { code: 'teapot', message: 'I am one' }));
    expect(thrown).toMatchObject({ code: 'server-unreachable', message: expect.stringContaining('418') });
  });
});

describe('the version of the API', () => {
  it('is asked for once, before anything else', async () => {
    const { server, client } = await serveVerbs();
    await Promise.all([client.tasks(), client.tasks(), client.tasks()]);
    await client.tasks();
    expect(server.received.map(({ name }) => name)).toEqual(['showServer', ...Array(4).fill('listTasks')]);
  });

  it('has to be ours: nothing is asked of another server but who it is, and to stop', async () => {
    const { server, client } = await serveVerbs();
    server.on('showServer', () => ({ version: '9.0.0', apiVersion: 9 }));
    for (const ask of [() => client.find('run-1'), () => client.tasks(), () => client.launch('nightly')]) {
      await expect(ask()).rejects.toMatchObject({
        code: 'server-version',
        message: 'the server speaks version 9 of the API, and this client version 1',
      });
    }
    expect(server.received.every(({ name }) => name === 'showServer')).toBe(true);
    expect(await client.server()).toMatchObject({ version: '9.0.0' });
    expect(await client.stopServer()).toMatchObject({ left: ['run-1'] });
  });

  it('is asked for again when it was not told', async () => {
    const { server, client } = await serveVerbs();
    const tell = server.answerOf('showServer');
    server.on('showServer', () => problem(401, { code: 'unauthorized', message: 'who are you?' }));
    await expect(client.tasks()).rejects.toMatchObject({ code: 'unauthorized' });
    server.on('showServer', tell);
    expect(await client.tasks()).toMatchObject([{ id: 'nightly' }]);
  });

  it('is asked for again after a lost connection, since another server may answer', async () => {
    const { server, client } = await serveVerbs();
    await client.tasks();
    server.on('showServer', () => ({ version: '9.0.0', apiVersion: 9 }));
    server.lose('listTasks', 'before');
    await expect(client.tasks()).rejects.toMatchObject({ code: 'server-version' });
  });
});
