import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { refuse } from '../../fakes/identity/exchange.ts';
import { BINARIES, type TestedBinary } from '../../support/codex.ts';
import { startIdentity } from '../../support/identity.ts';
import { startWithIdentity } from '../../support/identity-codex.ts';
import { freePort } from '../../support/ports.ts';

const GATE_TOKEN = 'optio-gate-of-a-test';
type Answer = () => { readonly status: number; readonly body?: unknown };

/** A codex that a variable sends elsewhere with what it has in the place of a refresh token. */
async function startRedirected(binary: TestedBinary, seconds: number, env: Readonly<Record<string, string>> = {}) {
  const at = await startIdentity();
  const { lineages } = at.identity;
  lineages.accessTokenSeconds = seconds;
  const planted = { ...at.identity.login(), refreshToken: GATE_TOKEN };
  lineages.accessTokenSeconds = 3_600;
  const give: Answer = () => {
    const { accessToken, idToken } = lineages.begin(planted.account, 'gate', 'a test');
    return { status: 200, body: { access_token: accessToken, id_token: idToken } };
  };
  const asked: string[] = [];
  const place = { answer: give };
  const port = await freePort();
  const server = createServer(async (request, response) => {
    asked.push(JSON.parse((await request.toArray()).join('')).refresh_token);
    const { status, body } = place.answer();
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  onTestFinished(() => void server.close());
  const open = () => listen(server, port);
  const start = async () => {
    const url = `http://127.0.0.1:${port}/oauth/token`;
    const more = { CODEX_REFRESH_TOKEN_URL_OVERRIDE: url, NO_PROXY: '127.0.0.1', no_proxy: '127.0.0.1', ...env };
    const codex = await startWithIdentity({ binary, at, planted, env: more });
    const say = async () => codex.runTurn(await codex.startThread({ cwd: codex.workspace }), '!say hello');
    const tokens = () => JSON.parse(readFileSync(join(codex.home, 'auth.json'), 'utf8')).tokens;
    return { say, tokens };
  };
  return { planted, identity: at.identity, asked, place, give, open, start };
}

function listen(server: Server, port: number): Promise<AddressInfo> {
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server.address() as AddressInfo)));
}

describe.each(BINARIES)('a login that codex $version is to renew elsewhere', { timeout: 60_000 }, (binary) => {
  it('is renewed there, without TLS and past a proxy, and keeps what it has shown there where it gets no other', async () => {
    const proxy = { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' };
    const { open, start, asked, planted, identity } = await startRedirected(binary, -10, proxy);
    await open();
    const { say, tokens } = await start();
    expect((await say()).status).toBe('completed');
    expect(asked).toEqual([GATE_TOKEN]);
    expect(tokens().refresh_token).toBe(GATE_TOKEN);
    expect(tokens().access_token).not.toBe(planted.accessToken);
    expect(identity.at('refresh')).toEqual([]);
  });

  it('is used on while nobody is there, or has nothing newer, and is asked for again', async () => {
    const { open, start, asked, place, give } = await startRedirected(binary, 100);
    const { say, tokens } = await start();
    expect((await say()).status, 'nobody is there').toBe('completed');
    place.answer = () => refuse(503, 'temporarily_unavailable');
    await open();
    expect((await say()).status, 'nothing newer').toBe('completed');
    expect(asked.length).toBeGreaterThan(0);
    place.answer = give;
    const { access_token: before } = tokens();
    expect((await say()).status).toBe('completed');
    expect(tokens().access_token).not.toBe(before);
  });

  it('is given up after a refusal, and never asked for again', async () => {
    const { open, start, asked, place, give, planted, identity } = await startRedirected(binary, 3_600);
    identity.lineages.refuseAccess(planted.accessToken);
    place.answer = () => refuse(401, 'of_no_meaning');
    await open();
    const { say } = await start();
    const { status, error } = await say();
    expect([status, error?.message]).toEqual(['failed', expect.stringContaining('could not be refreshed. Please log')]);
    place.answer = give;
    expect((await say()).status).toBe('failed');
    expect(asked).toHaveLength(1);
  });
});
