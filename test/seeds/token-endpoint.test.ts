import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEgress } from '../../src/seeds/egress.ts';
import { type RefreshOptions, refreshLogin } from '../../src/seeds/token-endpoint.ts';
import { type Fault, refusal, silence } from '../fakes/identity/faults.ts';
import { expiryOf } from '../fakes/identity/tokens.ts';
import { type StartedIdentity, startIdentity } from '../support/identity.ts';
import { freePort } from '../support/ports.ts';
import { holdsText } from '../support/search.ts';

/** Refreshes by the way that the environment names. */
async function refresh(
  env: Readonly<Record<string, string>>,
  refreshToken: string,
  options: Partial<RefreshOptions> = {},
) {
  const egress = openEgress(env);
  onTestFinished(() => egress.close());
  return refreshLogin({ refreshToken, fetch: egress.fetch, ...options });
}

/** Refreshes a new login, whose request meets a fault. */
async function refreshMeeting(fault: Fault, options: Partial<RefreshOptions> = {}) {
  const started = await startIdentity();
  const { identity, env } = started;
  const login = identity.login();
  identity.faults.next('refresh', fault);
  const result = await refresh(env, login.refreshToken, options);
  const again = identity.at('refresh').slice(1);
  expect(again, 'it asks once, whatever comes').toEqual([]);
  return { ...started, login, result };
}

/** The secrets of a provider that a result holds although it need not. */
function leaksOf({ identity }: StartedIdentity, result: object, allowed: readonly (string | undefined)[] = []) {
  const text = JSON.stringify(result);
  return [...identity.ledger.secrets].filter((secret) => !allowed.includes(secret) && holdsText(text, secret));
}

describe('a refresh by the token endpoint', () => {
  it('asks as codex does, and gives the next tokens and their end', async () => {
    const { identity, env } = await startIdentity();
    const login = identity.login();
    const result = await refresh(env, login.refreshToken);
    const [asked] = identity.at('refresh');
    expect(asked).toMatchObject({ host: 'auth.openai.com', path: '/oauth/token' });
    expect(asked?.userAgent).toMatch(/^optio_codex\/\d/);
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      client_id: 'app_EMoamEEZ73f0CkXaXp7hrann',
      grant_type: 'refresh_token',
      refresh_reason: 'proactive_expiry',
      refresh_token: login.refreshToken,
    });
    if (result.kind !== 'refreshed') throw new Error(JSON.stringify(result));
    expect(result.refreshToken).toBe(identity.ledger.newestOf(login.lineage));
    expect(identity.lineages.accountOf(result.accessToken)).toBe(login.account);
    expect(result.expiresAt).toBe(expiryOf(result.accessToken) * 1000);
    expect(result.idToken).toBeDefined();
    expect(identity.ledger.usedAgain()).toEqual([]);
  });

  it('keeps the refresh token when the provider gives no other', async () => {
    const { identity, env } = await startIdentity();
    identity.lineages.rotates = false;
    const login = identity.login();
    identity.faults.next('refresh', { kind: 'without', fields: ['id_token'] });
    const result = await refresh(env, login.refreshToken);
    expect(result).toMatchObject({ kind: 'refreshed', refreshToken: login.refreshToken });
    expect(result).not.toHaveProperty('idToken');
    expect(await refresh(env, login.refreshToken)).toMatchObject({ kind: 'refreshed' });
  });

  it('finds a login dead that was used, has expired, was revoked, or never was', async () => {
    const { identity, env } = await startIdentity();
    const [used, expired, revoked] = [identity.login(), identity.login(), identity.login()];
    identity.lineages.refresh(used.refreshToken, 'somebody else');
    identity.lineages.expire(expired.lineage);
    identity.lineages.revoke(revoked.refreshToken, 'its owner');
    const codeOf = (token: string) => refresh(env, token);
    expect(await codeOf(used.refreshToken)).toEqual({ kind: 'refused', code: 'refresh_token_reused' });
    expect(await codeOf(expired.refreshToken)).toEqual({ kind: 'refused', code: 'refresh_token_expired' });
    expect(await codeOf(revoked.refreshToken)).toEqual({ kind: 'refused', code: 'refresh_token_invalidated' });
    expect(await codeOf('rt_of-nobody')).toEqual({ kind: 'refused', code: 'token_expired' });
  });

  it.each([
    ['an object with a code', { error: { code: 'app_session_terminated' } }, 'app_session_terminated'],
    ['the code alone', { error: 'invalid_grant', error_description: 'no' }, 'invalid_grant'],
    ['a code beside', { code: 'INVALID_REFRESH_TOKEN' }, 'invalid_refresh_token'],
  ])('finds it dead by %s', async (_, body, code) => {
    const { result } = await refreshMeeting({ kind: 'status', status: 400, body });
    expect(result).toEqual({ kind: 'refused', code });
  });

  it.each([
    ['401 of an unknown kind', refusal(401, 'who_knows'), 'unexpected', 'HTTP 401 who_knows', false],
    ['401 without a word', { kind: 'status', status: 401, body: '<html>no</html>' }, 'unexpected', 'HTTP 401', false],
    ['401 about the client', refusal(401, 'invalid_client'), 'unexpected', 'HTTP 401 invalid_client', false],
    ['403 of somebody in between', { kind: 'status', status: 403, body: 'blocked' }, 'unexpected', 'HTTP 403', false],
    ['404', refusal(404, 'not_found'), 'unexpected', 'HTTP 404 not_found', false],
    [
      'a redirect',
      { kind: 'status', status: 307, headers: { location: '/oauth/token' } },
      'unexpected',
      'HTTP 307',
      false,
    ],
    ['429', refusal(429, 'slow_down'), 'rate-limited', 'HTTP 429 slow_down', false],
    ['500, whatever it says', refusal(500, 'invalid_grant'), 'provider-error', 'HTTP 500 invalid_grant', true],
    ['503', { kind: 'status', status: 503, body: 'upstream' }, 'provider-error', 'HTTP 503', true],
    ['a broken connection', { kind: 'cut', when: 'before' }, 'cut-off', expect.any(String), true],
    ['a lost answer', { kind: 'cut', when: 'after' }, 'cut-off', expect.any(String), true],
    ['half an answer', { kind: 'cut', when: 'halfway' }, 'cut-off', expect.any(String), true],
    ['something that is no JSON', { kind: 'malformed' }, 'malformed', expect.any(String), true],
  ] as const)('knows nothing of a login after %s', async (_, fault, why, detail, mayHaveActed) => {
    const { result, ...started } = await refreshMeeting(fault as Fault);
    expect(result).toEqual({ kind: 'unknown', why, detail, mayHaveActed });
    expect(leaksOf(started, result)).toEqual([]);
  });

  it('says when the provider wants to be asked again', async () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const wait = async (header: string) =>
      (await refreshMeeting(refusal(429, 'slow_down', { 'retry-after': header }))).result;
    expect(await wait('7')).toMatchObject({ why: 'rate-limited', retryAfterMs: 7_000 });
    const { retryAfterMs = 0 } = (await wait(inAMinute)) as { retryAfterMs?: number };
    expect(retryAfterMs).toBeGreaterThan(1_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(await wait('some day')).not.toHaveProperty('retryAfterMs');
  });

  it.each(['before', 'after'] as const)(
    'gives up on an answer that never comes (%s the provider acts)',
    async (when) => {
      const { result } = await refreshMeeting(silence(when), { deadlineMs: 300 });
      expect(result).toMatchObject({ kind: 'unknown', why: 'timeout', mayHaveActed: true });
    },
  );

  it.each([
    ['that holds no access token', { kind: 'without', fields: ['access_token'] }, 'malformed'],
    ['that breaks off at its end', { kind: 'cut', when: 'at the end' }, 'cut-off'],
  ] as const)('keeps the new refresh token of an answer %s', async (_, fault, why) => {
    const { result, login, identity, ...started } = await refreshMeeting(fault as Fault);
    const newest = identity.ledger.newestOf(login.lineage);
    expect(newest).not.toBe(login.refreshToken);
    expect(result).toMatchObject({ kind: 'unknown', why, mayHaveActed: true, refreshToken: newest });
    expect(leaksOf({ identity, ...started }, result, [newest])).toEqual([]);
    expect(await refresh(started.env, newest ?? '')).toMatchObject({ kind: 'refreshed' });
  });

  it('takes an answer that is sent twice once', async () => {
    const { result, identity, login } = await refreshMeeting({ kind: 'twice' });
    expect(result).toMatchObject({ kind: 'refreshed', refreshToken: identity.ledger.newestOf(login.lineage) });
  });
});

describe('the way to the token endpoint', () => {
  it('knows that nothing was sent when nobody is there', async () => {
    const nowhere = `https://127.0.0.1:${await freePort()}/oauth/token`;
    const result = await refresh({}, 'rt_unsent', { endpoint: nowhere });
    expect(result).toEqual({ kind: 'unknown', why: 'unreachable', detail: 'ECONNREFUSED', mayHaveActed: false });
    const unknown = await refresh({}, 'rt_unsent', { endpoint: 'https://nobody.invalid/oauth/token' });
    expect(unknown).toMatchObject({ kind: 'unknown', why: 'unreachable', mayHaveActed: false });
  });

  it('sends nothing to somebody whom no authority vouches for', async () => {
    const { identity, proxy } = await startIdentity();
    const { refreshToken } = identity.login();
    const direct = await refresh({}, refreshToken, { endpoint: `${identity.url}/oauth/token` });
    expect(direct).toMatchObject({ kind: 'unknown', why: 'untrusted', mayHaveActed: false });
    const proxied = await refresh({ https_proxy: proxy }, refreshToken);
    expect(proxied).toMatchObject({ kind: 'unknown', why: 'untrusted', mayHaveActed: false });
    expect(identity.requests).toEqual([]);
  });

  it('takes the authorities, and leaves the proxy out where the environment says so', async () => {
    const { identity, authority } = await startIdentity();
    const dead = `http://127.0.0.1:${await freePort()}`;
    const env = { CODEX_CA_CERTIFICATE: authority, HTTPS_PROXY: dead, NO_PROXY: '127.0.0.1' };
    const endpoint = `${identity.url}/oauth/token`;
    expect(await refresh(env, identity.login().refreshToken, { endpoint })).toMatchObject({ kind: 'refreshed' });
  });

  it('knows nothing when the proxy refuses, and that nothing was sent when it hangs up', async () => {
    const through = async (onConnect: (socket: Duplex) => void) => {
      const proxy = createServer().on('connect', (_, socket) => onConnect(socket));
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      onTestFinished(() => void proxy.close());
      return refresh({ https_proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }, 'rt_unsent');
    };
    const refused = await through((socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
    expect(refused).toMatchObject({ kind: 'unknown', why: 'cut-off' });
    const hungUp = await through((socket) => socket.destroy());
    expect(hungUp).toMatchObject({ kind: 'unknown', why: 'unreachable', mayHaveActed: false });
  });

  it('refuses authorities that cannot be read', () => {
    const env = { CODEX_CA_CERTIFICATE: '/nowhere/ca.pem' };
    expect(() => openEgress(env)).toThrow(expect.objectContaining({ code: 'invalid-config' }));
  });
});
