import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { notify } from '../../src/engine/notify.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import type { OpenedRequest } from '../../src/task/task.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { freePort } from '../support/ports.ts';

const opened: OpenedRequest = {
  runId: 'run-1',
  taskId: 'task',
  openedAt: '2026-01-01T00:00:00.000Z',
  request: {
    kind: 'command',
    id: 'q',
    threadId: 't',
    turnId: 'turn',
    itemId: 'i',
    sandboxed: 'no',
    command: 'curl -H "Authorization: hunter2"',
    cwd: '/ws',
    reason: 'hunter2 is the password',
  },
};
const options = { host: new LocalHost(), signal: new AbortController().signal, pausesMs: [0, 0] };

/** A server that answers with these codes, one after the other; its requests, with their bodies. */
async function hookServer(answer: (response: ServerResponse, index: number) => void) {
  const received: { method: string | undefined; type: string | undefined; body: string }[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    received.push({ method: request.method, type: request.headers['content-type'], body });
    answer(response, received.length - 1);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/token-abc`, received };
}

describe('a hook', () => {
  it('is given the request, and may do with it as it likes', async () => {
    const given: OpenedRequest[] = [];
    const onRequest = (told: OpenedRequest) => {
      given.push(structuredClone(told));
      Object.assign(told.request, { id: 'another' });
    };
    expect(await notify(opened, { onRequest }, options)).toEqual([]);
    expect(given).toEqual([opened]);
    expect(opened.request.id).toBe('q');
  });

  it.each([
    ['throws', () => Promise.reject(new Error('no screen'))],
    [
      'throws at once',
      () => {
        throw new Error('no screen');
      },
    ],
  ])('that %s is told of, and keeps nobody else from being told', async (_, onRequest) => {
    const { url, received } = await hookServer((response) => response.end());
    const failures = await notify(opened, { onRequest, requests: { webhook: { url } } }, options);
    expect(failures).toEqual(['the hook was not told of a request: no screen']);
    expect(received).toHaveLength(1);
  });
});

describe('a webhook', () => {
  it('is told which request waits, and not what it says', async () => {
    const { url, received } = await hookServer((response) => response.writeHead(204).end());
    expect(await notify(opened, { requests: { webhook: { url } } }, options)).toEqual([]);
    expect(received).toMatchObject([{ method: 'POST', type: 'application/json' }]);
    const { request: _, ...where } = opened;
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({
      ...where,
      request: { id: 'q', kind: 'command', threadId: 't', turnId: 'turn', itemId: 'i', sandboxed: 'no' },
    });
  });

  it('is told which server and tool a request is about', async () => {
    const { url, received } = await hookServer((response) => response.end());
    const asked = {
      kind: 'mcpTool',
      server: 's',
      tool: 'echo',
      message: 'hunter2',
      arguments: { a: 'hunter2' },
    } as const;
    const { command: _, cwd: __, reason: ___, ...rest } = opened.request as never as Record<string, string>;
    const request = { ...rest, ...asked } as unknown as OpenedRequest['request'];
    await notify({ ...opened, request }, { requests: { webhook: { url } } }, options);
    expect(received[0]?.body).toContain('"server":"s","tool":"echo"');
    expect(received[0]?.body).not.toContain('hunter2');
  });

  it('is told again when it fails, up to three times, and is not named in what is said of that', async () => {
    const { url, received } = await hookServer((response) => response.writeHead(503).end());
    const failures = await notify(opened, { requests: { webhook: { url } } }, options);
    expect(failures).toEqual(['the webhook was not told of a request: it answers 503']);
    expect(received).toHaveLength(3);
  });

  it.each([404, 302])('is not told again when it does not want it: %i', async (status) => {
    const { url, received } = await hookServer((response) => response.writeHead(status, { location: '/other' }).end());
    const failures = await notify(opened, { requests: { webhook: { url } } }, options);
    expect(failures).toEqual([`the webhook was not told of a request: it answers ${status}`]);
    expect(received).toHaveLength(1);
  });

  it('is not waited for when it does not answer', async () => {
    const { url, received } = await hookServer((response, index) => {
      if (index > 0) response.end();
    });
    expect(await notify(opened, { requests: { webhook: { url, deadlineMs: 200 } } }, options)).toEqual([]);
    expect(received).toHaveLength(2);
  });

  it('is not told again once the request is settled', async () => {
    const settled = new AbortController();
    const { url, received } = await hookServer((response) => {
      settled.abort();
      response.writeHead(503).end();
    });
    expect(await notify(opened, { requests: { webhook: { url } } }, { ...options, signal: settled.signal })).toEqual(
      [],
    );
    expect(received).toHaveLength(1);
    expect(await notify(opened, { requests: { webhook: { url } } }, { ...options, signal: settled.signal })).toEqual(
      [],
    );
    expect(received).toHaveLength(1);
  });

  it('that nobody serves is told of', async () => {
    const url = `http://127.0.0.1:${await freePort()}/token-abc`;
    const told = notify(opened, { requests: { webhook: { url } } }, options);
    expect(await told).toEqual(['the webhook was not told of a request: it cannot be reached']);
  });
});

describe('a command', () => {
  it('gets the whole request as JSON', async () => {
    const file = join(testDirectory('notify'), 'told');
    const command = ['/bin/sh', '-c', 'cat > "$1"', 'sh', file];
    expect(await notify(opened, { requests: { notify: command } }, options)).toEqual([]);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(opened);
  });

  it('gets nothing of our environment that could be a secret', async () => {
    const file = join(testDirectory('notify'), 'told');
    vi.stubEnv('OPENAI_API_KEY', 'hunter2');
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await notify(opened, { requests: { notify: ['/bin/sh', '-c', 'env > "$1"', 'sh', file] } }, options);
    const told = await readFile(file, 'utf8');
    expect(told).toContain('PATH=');
    expect(told).not.toContain('hunter2');
  });

  it.each([['/bin/false'], ['/nonexistent/notify']])('that fails is told of: %s', async (command) => {
    const failures = await notify(opened, { requests: { notify: [command] } }, options);
    expect(failures).toEqual([expect.stringContaining(`the command ${command} was not told of a request: `)]);
  });

  it('is not looked for where an agent may write, however PATH begins', async () => {
    const workspace = subdirectory(testDirectory('notify'), 'workspace');
    const bin = subdirectory(workspace, 'node_modules', '.bin');
    writeFileSync(join(bin, 'tell-me'), `#!/bin/sh\ntouch ${workspace}/executed\n`, { mode: 0o755 });
    vi.stubEnv('PATH', `${bin}:${process.env.PATH}`); // as npm sets it for a script of a package
    onTestFinished(() => void vi.unstubAllEnvs());
    const host = new LocalHost();
    const tell = (where: LocalHost) =>
      notify(opened, { requests: { notify: ['tell-me'] } }, { ...options, host: where });
    host.distrust(workspace);
    expect(await tell(host)).toEqual([expect.stringContaining('the command tell-me was not told')]);
    expect(existsSync(join(workspace, 'executed'))).toBe(false);
    expect(await tell(new LocalHost())).toEqual([]);
    expect(existsSync(join(workspace, 'executed')), 'the program works').toBe(true);
  });
});
