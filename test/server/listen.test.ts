import { existsSync, lstatSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const open = (listen: { host: string; port: number } | { socket: string }) => openServer(scriptApi().api, { listen });

describe('where a server listens', () => {
  it.each(['127.0.0.1', '127.0.0.2', 'localhost'])('answers on %s, and says where', async (host) => {
    const { url, ask, port } = await open({ host, port: 0 });
    expect(url).toMatch(/^http:\/\/(127\.0\.0\.[12]|\[::1\]):\d+$/);
    if (host === '127.0.0.1')
      expect(await ask('/api/runs', { headers: { Host: `localhost:${port}` } })).toMatchObject({ status: 200 });
  });

  it.each([
    ['0.0.0.0', 0, 'host'],
    ['::', 0, 'host'],
    ['192.0.2.1', 0, 'host'],
    ['example.org', 0, 'host'],
    ['127.0.0.1', 70_000, 'port'],
    ['127.0.0.1', -1, 'port'],
  ])('does not listen where others may come in: %s port %d', async (host, port, field) => {
    expect(await failureOf(open({ host, port }))).toMatchObject({ code: 'invalid-config', details: { field } });
  });

  it('says that a port is in use', async () => {
    const { port } = await open({ host: '127.0.0.1', port: 0 });
    const error = await failureOf(open({ host: '127.0.0.1', port }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'port' } });
    expect(error.message).toBe(`port: ${port} is in use on 127.0.0.1`);
  });

  it('answers on a unix socket that is for nobody else, and takes it away again', async () => {
    const socket = join(testDirectory('socket'), 'api');
    const before = process.umask();
    const { ask, url, close } = await open({ socket });
    expect(url).toBe(`unix:${socket}`);
    expect(statSync(socket).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(before);
    expect(await ask('/api/server')).toMatchObject({ status: 200, json: { caller: { name: 'owner' } } });
    expect(await ask('/api/server', { token: null })).toMatchObject({ status: 401 });
    expect(await ask('/api/server', { headers: { Host: 'rebound.example' } })).toMatchObject({ status: 403 });
    expect(await ask('/api/server', { headers: { Origin: 'http://evil.example' } })).toMatchObject({ status: 403 });
    await close();
    expect(existsSync(socket)).toBe(false);
  });

  it('takes the place of a socket at which nobody answers any more', async () => {
    const socket = join(testDirectory('socket'), 'api');
    await leaveSocket(socket);
    expect(lstatSync(socket).isSocket()).toBe(true);
    const { ask } = await open({ socket });
    expect(await ask('/api/runs')).toMatchObject({ status: 200 });
  });

  it('leaves another server its socket', async () => {
    const socket = join(testDirectory('socket'), 'api');
    const { ask } = await open({ socket });
    const error = await failureOf(open({ socket }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'socket' } });
    expect(error.message).toContain('answers');
    expect(await ask('/api/runs')).toMatchObject({ status: 200 });
  });

  it('leaves a file alone that is no socket', async () => {
    const socket = join(testDirectory('socket'), 'api');
    writeFileSync(socket, 'mine');
    expect(await failureOf(open({ socket }))).toMatchObject({ code: 'invalid-config', details: { field: 'socket' } });
    expect(lstatSync(socket).isFile()).toBe(true);
  });

  it('says that a path is too long for a socket', async () => {
    const socket = join(testDirectory('socket'), 'x'.repeat(120));
    const error = await failureOf(open({ socket }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'socket' } });
    expect(error.message).toContain('103 bytes');
  });

  it('says that there is no directory for a socket', async () => {
    const socket = join(testDirectory('socket'), 'nowhere', 'api');
    expect(await failureOf(open({ socket }))).toMatchObject({ code: 'invalid-config', details: { field: 'socket' } });
  });

  it.each(['codex', '/a/../b', '/a b', '/a?b'])('says that a base path is none: %s', async (basePath) => {
    const error = await failureOf(openServer(scriptApi().api, { basePath }));
    expect(error).toMatchObject({ code: 'invalid-config', details: { field: 'basePath' } });
  });

  it('answers below its base path as well as without it', async () => {
    const { ask, url } = await openServer(scriptApi().api, { basePath: '/codex' });
    expect(new URL(url).pathname).toBe('/codex');
    for (const path of ['/codex/api/runs', '/api/runs', '/codex/api/runs/run-1?']) {
      expect(await ask(path)).toMatchObject({ status: 200 });
    }
    expect(await ask('/codexx/api/runs')).toMatchObject({ status: 404 });
    expect(await ask('/codex/codex/api/runs')).toMatchObject({ status: 404 });
    expect(await ask('/codex/api/runs', { token: null })).toMatchObject({ status: 401 });
  });
});

/** What a server leaves behind that was killed: a socket that exists, and nobody behind it. */
async function leaveSocket(path: string): Promise<void> {
  const elsewhere = `${path}.old`;
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(elsewhere, resolve));
  renameSync(elsewhere, path);
  await new Promise((resolve) => server.close(resolve));
}
