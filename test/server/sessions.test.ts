import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Sessions } from '../../src/server/sessions.ts';
import { testDirectory } from '../support/directories.ts';
import { scriptApi } from '../support/scripted-api.ts';
import { openServer, type TestServer } from '../support/server.ts';

const DAY_MS = 86_400_000;
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };
const BROWSER = { Accept: 'text/html,application/xhtml+xml' };

/** Logs in; gives the cookie as it came. */
async function logIn({ ask }: TestServer, token = 'operator-token', headers = {}): Promise<string> {
  const answer = await ask('/api/session', { method: 'POST', token: null, body: { token }, headers });
  expect(answer).toMatchObject({ status: 201, json: { caller: { role: token.replace('-token', '') } } });
  return answer.headers['set-cookie']?.[0] ?? '';
}

/** What a browser would send of it. */
function sent(cookie: string): { readonly Cookie: string } {
  return { Cookie: `other=1; ${cookie.split(';')[0]}` };
}

describe('the session of a browser', () => {
  it('lets in as its token does, by a cookie that no script and no other site gets', async () => {
    const server = await openServer();
    const cookie = await logIn(server);
    expect(cookie).toMatch(
      new RegExp(`^optio-codex-${server.port}=[\\w-]{43}; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
    );
    const headers = sent(cookie);
    expect(await server.ask('/api/runs', { token: null, headers })).toMatchObject({ status: 200 });
    const { json } = await server.ask('/api/server', { token: null, headers });
    expect(json.caller).toEqual({ name: 'operator', role: 'operator' });
    expect(await server.ask('/api/tokens', { token: null, headers })).toMatchObject({ status: 403 });
  });

  it('ends when somebody says so', async () => {
    const server = await openServer();
    const headers = sent(await logIn(server));
    const out = await server.ask('/api/session', { method: 'DELETE', token: null, headers });
    expect(out).toMatchObject({ status: 204 });
    expect(out.headers['set-cookie']?.[0]).toMatch(/=; Path=\/; Max-Age=0;/);
    expect(await server.ask('/api/runs', { token: null, headers })).toMatchObject({ status: 401 });
  });

  it('ends with its token, and is worth no more than that', async () => {
    const server = await openServer();
    const headers = sent(await logIn(server, 'admin-token'));
    expect(await server.ask('/api/tokens', { token: null, headers })).toMatchObject({ status: 200 });
    server.tokens.set('admin-token', { name: 'admin', role: 'viewer' });
    expect(await server.ask('/api/tokens', { token: null, headers })).toMatchObject({ status: 403 });
    server.tokens.delete('admin-token');
    expect(await server.ask('/api/runs', { token: null, headers })).toMatchObject({ status: 401 });
  });

  it('ends when nobody has used it for 30 days', async () => {
    let time = 0;
    const server = await openServer(scriptApi().api, { now: () => time });
    const headers = sent(await logIn(server));
    const use = async () => (await server.ask('/api/runs', { token: null, headers })).status;
    time += 29 * DAY_MS;
    expect(await use()).toBe(200);
    time += 29 * DAY_MS;
    expect(await use()).toBe(200);
    time += 31 * DAY_MS;
    expect(await use()).toBe(401);
  });

  it('is one of a thousand: the one that was used longest ago makes room', () => {
    const sessions = new Sessions({ now: () => 0 });
    const first = sessions.begin('first');
    const second = sessions.begin('second');
    expect(sessions.secretOf(first)).toBe('first'); // so that the second one is the oldest
    for (let index = 0; index < 999; index++) sessions.begin('more');
    expect([sessions.secretOf(first), sessions.secretOf(second)]).toEqual(['first', undefined]);
  });

  it('outlives the server where it has a file, which lets nobody in by itself', () => {
    const file = join(testDirectory('sessions'), 'sessions.json');
    const before = new Sessions({ file });
    const [kept, ended] = [before.begin('the-secret'), before.begin('another')];
    before.end(ended);
    const after = new Sessions({ file });
    expect([after.secretOf(kept), after.secretOf(ended)]).toEqual(['the-secret', undefined]);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain('the-secret');
    expect(text).not.toContain(kept);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const id of Object.keys(JSON.parse(text))) expect(after.secretOf(id)).toBeUndefined();
  });

  it('has to begin anew where its file says nothing sensible', () => {
    const file = join(testDirectory('sessions'), 'sessions.json');
    for (const text of ['', '[]', '{"x":1}', '{"x":{"sealed":"AAAA","usedAt":0}}']) {
      writeFileSync(file, text);
      const sessions = new Sessions({ file });
      const id = sessions.begin('secret');
      expect([sessions.secretOf('x'), sessions.secretOf(id)]).toEqual([undefined, 'secret']);
    }
  });

  it('holds in this process where it cannot be written down, which is told', () => {
    const failures: unknown[] = [];
    const file = join(testDirectory('sessions'), 'nowhere', 'sessions.json');
    const sessions = new Sessions({ file, onFailure: (thrown) => failures.push(thrown) });
    expect(sessions.secretOf(sessions.begin('secret'))).toBe('secret');
    expect(failures).toHaveLength(1);
  });

  it('cannot be guessed: a made-up cookie lets nobody in', async () => {
    const { ask, port } = await openServer();
    for (const value of ['', 'x', 'operator-token', '../../x']) {
      const headers = { Cookie: `optio-codex-${port}=${value}` };
      expect(await ask('/api/runs', { token: null, headers })).toMatchObject({ status: 401 });
    }
  });

  it('counts less than a token: a wrong one is not made good by it', async () => {
    const server = await openServer();
    const headers = sent(await logIn(server));
    expect(await server.ask('/api/runs', { token: 'wrong', headers })).toMatchObject({ status: 401 });
  });

  it('is for https only, and below the base path, where a proxy has those', async () => {
    const allowedHosts = ['codex.example'];
    const server = await openServer(scriptApi().api, { basePath: '/codex/', trustProxy: true, allowedHosts });
    const headers = { 'X-Forwarded-Host': 'codex.example', 'X-Forwarded-Proto': 'https' };
    expect(await logIn(server, 'operator-token', headers)).toMatch(/; Path=\/codex; .*; Secure$/);
  });

  it('wants proper JSON with a token in it', async () => {
    const { ask } = await openServer();
    for (const body of ['', '{}', '[]', '{"token":1}', '{"token":"x","more":1}', '{"token":""}']) {
      const answer = await ask('/api/session', { method: 'POST', token: null, body });
      expect([body, answer.status]).toEqual([body, 400]);
    }
  });
});

describe('a browser without a token', () => {
  it('gets a form, and with the right token what it wanted', async () => {
    const server = await openServer();
    const page = await server.ask('/api/docs?x=1', { token: null, headers: BROWSER });
    expect(page).toMatchObject({ status: 401 });
    expect(page.text).toContain('<form method="post" action="/api/session">');
    const [, next = ''] = /name="next" value="([^"]*)"/.exec(page.text) ?? [];
    expect(next).toBe('/api/docs?x=1');
    const form = new URLSearchParams({ token: ' viewer-token\n', next });
    const answer = await server.ask('/api/session', { method: 'POST', token: null, headers: FORM, body: String(form) });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/api/docs?x=1' } });
    const headers = { ...BROWSER, ...sent(answer.headers['set-cookie']?.[0] ?? '') };
    expect(await server.ask('/api/docs', { token: null, headers })).toMatchObject({ status: 200 });
  });

  it('gets the form again with a wrong one', async () => {
    const { ask } = await openServer();
    const answer = await ask('/api/session', { method: 'POST', token: null, headers: FORM, body: 'token=%3Cb%3E' });
    expect(answer).toMatchObject({ status: 401 });
    expect(answer.text).toMatch(/role="alert">this token is not known/);
    expect(answer.headers['set-cookie']).toBeUndefined();
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/a\r\nSet-Cookie: x=1',
    '/codex/api/session',
    '',
  ])('is not sent elsewhere: %j', async (next) => {
    const { ask } = await openServer(scriptApi().api, { basePath: '/codex' });
    const body = String(new URLSearchParams({ token: 'viewer-token', next }));
    const answer = await ask('/api/session', { method: 'POST', token: null, headers: FORM, body });
    expect(answer).toMatchObject({ status: 303, headers: { location: '/codex/api/docs' } });
  });

  it('finds nothing of its address in the page as HTML', async () => {
    const { ask } = await openServer();
    const page = await ask(`/api/"><script>alert(1)</script>`, { token: null, headers: BROWSER });
    expect(page.status).toBe(401);
    expect(page.text).not.toContain('<script>');
    expect(page.headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; form-action 'self'/,
    );
  });
});
