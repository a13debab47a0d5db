import { readFileSync } from 'node:fs';
import { type OutgoingHttpHeaders, request as plainRequest } from 'node:http';
import { createServer, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Certificate, makeCertificate } from '../support/certificate.ts';
import { testDirectory } from '../support/directories.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer } from '../support/server.ts';

const NAME = 'codex.example';

/** What a proxy with TLS does: it knows us by a unix socket, and says for whom it asks. */
async function startProxy({ key, cert }: Certificate, socketPath: string): Promise<number> {
  const proxy = createServer({ key, cert }, (incoming, outgoing) => {
    const { method, url: path, headers, socket } = incoming;
    const said = {
      'x-forwarded-for': socket.remoteAddress,
      'x-forwarded-host': headers.host,
      'x-forwarded-proto': 'https',
    };
    const asked = plainRequest(
      { socketPath, method, path, headers: { ...headers, ...said, host: 'localhost' } },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    incoming.pipe(asked);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  return (proxy.address() as AddressInfo).port;
}

describe('behind a reverse proxy with TLS', () => {
  it('a browser logs in, reads a stream and acts, all below the base path', async () => {
    const directory = testDirectory('proxy');
    const certificate = makeCertificate(directory, [NAME]);
    const { api, calls, run } = scriptApi();
    run().end();
    const socket = join(directory, 'api');
    await openServer(api, { listen: { socket }, basePath: '/codex', trustProxy: true, allowedHosts: [NAME] });
    const port = await startProxy(certificate, socket);
    const origin = `https://${NAME}:${port}`;
    const ca = readFileSync(certificate.file);
    const ask = (method: string, path: string, headers: OutgoingHttpHeaders, body = '') => {
      const { promise, resolve, reject } = Promise.withResolvers<{ status: number; cookie: string; text: string }>();
      const host = { host: '127.0.0.1', port, servername: NAME, ca, agent: false };
      const asked = request(
        { ...host, method, path, headers: { Host: `${NAME}:${port}`, ...headers } },
        async (answer) => {
          let text = '';
          for await (const chunk of answer) text += chunk;
          resolve({ status: answer.statusCode ?? 0, cookie: answer.headers['set-cookie']?.[0] ?? '', text });
        },
      );
      asked.on('error', reject).end(body);
      return promise;
    };

    const page = await ask('GET', '/codex/api/docs', { Accept: 'text/html' });
    expect(page).toMatchObject({ status: 401, text: expect.stringContaining('action="/codex/api/session"') });
    const form = {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: origin,
      'Sec-Fetch-Site': 'same-origin',
    };
    const login = await ask('POST', '/codex/api/session', form, 'token=operator-token');
    expect(login).toMatchObject({ status: 303, cookie: expect.stringMatching(/Path=\/codex; .*HttpOnly; .*Secure$/) });
    const Cookie = login.cookie.split(';')[0];
    const docs = await ask('GET', '/codex/api/docs', { Cookie });
    expect(docs).toMatchObject({ status: 200, text: expect.stringContaining(`URL=${origin}/codex`) });
    const events = await ask('GET', '/codex/api/runs/run-1/events', { Cookie });
    expect(events).toMatchObject({ status: 200, text: expect.stringContaining('event: end') });
    expect(await ask('POST', '/codex/api/runs/run-1/resume', { Cookie, Origin: origin })).toMatchObject({
      status: 204,
    });
    expect(calls).toEqual(['resume "run-1"']);
    const foreign = { Cookie, Origin: 'https://evil.example' };
    expect(await ask('POST', '/codex/api/runs/run-1/resume', foreign)).toMatchObject({ status: 403 });
    expect(await ask('GET', '/codex/api/runs', { Cookie, Host: 'evil.example' })).toMatchObject({ status: 403 });
  });
});
