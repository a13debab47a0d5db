import { describe, expect, it } from 'vitest';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer, type TestServer } from '../support/server.ts';

type Headers = Readonly<Record<string, string>>;

async function tryAll(server: TestServer, all: readonly Headers[]): Promise<number[]> {
  const statuses = [];
  for (const headers of all) {
    statuses.push((await server.ask('/api/runs/run-1/resume', { method: 'POST', headers })).status);
  }
  return statuses;
}

describe('where a request comes from', () => {
  it('has to call a loopback name with our port, whatever a name server says', async () => {
    const server = await openServer();
    const { port } = server;
    const good = [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`, `[::1]:${port}`];
    expect(
      await tryAll(
        server,
        good.map((Host) => ({ Host })),
      ),
    ).toEqual([204, 204, 204, 204]);
    const bad = [
      `rebound.example:${port}`,
      `127.0.0.1.rebound.example:${port}`,
      `localhost.:${port}`,
      'localhost',
      `localhost:${port - 1}`,
      `user@localhost:${port}`,
      `0.0.0.0:${port}`,
    ];
    for (const Host of bad) {
      const { status, json } = await server.ask('/api/runs', { headers: { Host } });
      expect([Host, status, json.code]).toEqual([Host, 403, 'forbidden']);
    }
  });

  it('is looked at before anything else, also where no token is needed', async () => {
    const { ask } = await openServer();
    const headers = { Host: 'rebound.example' };
    for (const path of ['/', '/healthz', '/api/session', '/nothing']) {
      expect(await ask(path, { token: null, headers })).toMatchObject({ status: 403 });
    }
  });

  it('has to be our own page, where a page sends it', async () => {
    const server = await openServer();
    const { port } = server;
    expect(await tryAll(server, [{ Origin: `http://127.0.0.1:${port}` }])).toEqual([204]);
    const bad = [
      'null',
      'http://evil.example',
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port + 1}`,
      'http://127.0.0.1',
      `http://localhost:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
    ];
    expect(
      await tryAll(
        server,
        bad.map((Origin) => ({ Origin })),
      ),
    ).toEqual(bad.map(() => 403));
    expect(
      await tryAll(
        server,
        ['cross-site', 'same-site'].map((site) => ({ 'Sec-Fetch-Site': site })),
      ),
    ).toEqual([403, 403]);
    expect(
      await tryAll(
        server,
        ['same-origin', 'none'].map((site) => ({ 'Sec-Fetch-Site': site })),
      ),
    ).toEqual([204, 204]);
  });

  it('may be a link that somebody follows, which does nothing and tells nobody else', async () => {
    const { ask } = await openServer();
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
    expect(await ask('/api/docs', { headers })).toMatchObject({ status: 200 });
    expect(await ask('/api/docs', { headers: { ...headers, 'Sec-Fetch-Dest': 'iframe' } })).toMatchObject({
      status: 403,
    });
    expect(await ask('/api/runs/run-1/resume', { method: 'POST', headers })).toMatchObject({ status: 403 });
  });

  it('tells no page of another origin anything: there are no headers of CORS', async () => {
    const { ask, port } = await openServer();
    for (const method of ['OPTIONS', 'GET']) {
      const { headers } = await ask('/api/runs', { method, headers: { Origin: `http://127.0.0.1:${port}` } });
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    }
  });

  it('may call other hosts that are allowed', async () => {
    const allowedHosts = ['codex.example', 'other.example:8443'];
    const server = await openServer(scriptApi().api, { allowedHosts });
    const hosts = ['codex.example', 'CODEX.example:1234', 'other.example:8443'].map((Host) => ({ Host }));
    expect(await tryAll(server, hosts)).toEqual([204, 204, 204]);
    const others = ['other.example', 'sub.codex.example'].map((Host) => ({ Host }));
    expect(await tryAll(server, others)).toEqual([403, 403]);
  });

  it('is what a trusted proxy says', async () => {
    const server = await openServer(scriptApi().api, { allowedHosts: ['codex.example'], trustProxy: true });
    const Host = `127.0.0.1:${server.port}`;
    const proxied = { Host, 'X-Forwarded-Host': 'codex.example', 'X-Forwarded-Proto': 'https' };
    const attempts = [
      { ...proxied, Origin: 'https://codex.example' },
      { ...proxied, Origin: 'https://codex.example:443' },
      { ...proxied, Origin: 'http://codex.example' },
      { ...proxied, Origin: 'https://evil.example' },
      { ...proxied, 'X-Forwarded-Host': 'evil.example', Origin: 'https://evil.example' },
      { ...proxied, 'X-Forwarded-Host': 'codex.example, evil.example', Origin: 'https://codex.example' },
      { ...proxied, 'X-Forwarded-Host': 'evil.example, codex.example', Origin: 'https://codex.example' },
    ];
    expect(await tryAll(server, attempts)).toEqual([204, 204, 403, 403, 403, 403, 204]);
  });

  it('is not what others say in its name', async () => {
    const server = await openServer(scriptApi().api, { allowedHosts: ['codex.example'] });
    const headers = { Host: 'codex.example', 'X-Forwarded-Proto': 'https', Origin: 'https://codex.example' };
    const spoofed = { Host: 'rebound.example', 'X-Forwarded-Host': 'codex.example' };
    expect(await tryAll(server, [headers, spoofed])).toEqual([403, 403]);
  });
});
