import { describe, expect, it, onTestFinished } from 'vitest';
import { openEgress } from '../../src/seeds/egress.ts';
import { startIdentity } from '../support/identity.ts';
import { challengeOf, makeVerifier } from './identity/authorizations.ts';
import { CLIENT_ID } from './identity/tokens.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

async function start() {
  const started = await startIdentity();
  const egress = openEgress(started.env);
  onTestFinished(() => egress.close());
  const post = async (path: string, body: object, host = 'auth.openai.com') => {
    const init = { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(body) };
    const response = await egress.fetch(`https://${host}${path}`, init);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  const codeOf = ({ status, body }: Awaited<ReturnType<typeof post>>) => [
    status,
    (body.error as unknown as { code: string } | undefined)?.code,
  ];
  return { ...started, fetch: egress.fetch, post, codeOf };
}

describe('a lineage of the fake provider', () => {
  it('goes on after a refresh token has come again, ends, or gives the same once more, as it is told', async () => {
    const { identity } = await start();
    const { lineages, ledger } = identity;
    const useTwice = (onReuse: typeof lineages.onReuse) => {
      lineages.onReuse = onReuse;
      const login = identity.login();
      const [first, second] = [1, 2].map(() => lineages.refresh(login.refreshToken, 'us'));
      const newest = ledger.newestOf(login.lineage) ?? '';
      return { first, second, third: lineages.refresh(newest, 'us') };
    };
    expect(useTwice('refuse')).toMatchObject({ second: 'refresh_token_reused', third: { lineage: 'login-1' } });
    expect(useTwice('revoke')).toMatchObject({
      second: 'refresh_token_reused',
      third: 'refresh_token_invalidated',
    });
    const replayed = useTwice('replay');
    expect(replayed.second).toBe(replayed.first);
    expect(ledger.usedAgain().map(({ lineage }) => lineage)).toEqual(['login-1', 'login-2', 'login-3']);
    expect(ledger.revoked()).toEqual(['login-2']);
  });

  it('is lost when nobody holds its newest refresh token', async () => {
    const { identity } = await start();
    const [kept, lost] = [identity.login(), identity.login()];
    identity.lineages.refresh(lost.refreshToken, 'somebody who dies');
    const held = [kept.refreshToken, lost.refreshToken];
    expect(identity.ledger.lost((token) => held.includes(token))).toEqual([lost.lineage]);
    expect(identity.ledger.refreshesOf(lost.lineage)).toBe(1);
  });

  it('ends when one of its tokens is revoked', async () => {
    const { identity, post } = await start();
    const { refreshToken, accessToken, lineage } = identity.login();
    expect((await post('/oauth/revoke', { token: refreshToken, client_id: CLIENT_ID })).status).toBe(200);
    expect(identity.ledger.revoked()).toEqual([lineage]);
    expect(identity.lineages.accountOf(accessToken)).toBeUndefined();
  });
});

describe('a login at the fake provider', () => {
  it('by device gives its code once, to whoever asked, after somebody has consented', async () => {
    const { identity, post, codeOf } = await start();
    const account = identity.addAccount();
    const begin = async () =>
      (await post('/api/accounts/deviceauth/usercode', { client_id: CLIENT_ID })).body as Record<string, string>;
    const { device_auth_id, user_code = '' } = await begin();
    const poll = () => post('/api/accounts/deviceauth/token', { device_auth_id, user_code });
    expect((await poll()).status).toBe(403);
    identity.devices.decide(user_code, account);
    const stranger = { device_auth_id: (await begin()).device_auth_id, user_code };
    expect((await post('/api/accounts/deviceauth/token', stranger)).status).toBe(403);
    const { body } = await poll();
    expect((await poll()).status).toBe(403);
    const exchange = {
      client_id: CLIENT_ID,
      grant_type: 'authorization_code',
      code: body.authorization_code,
      redirect_uri: 'https://auth.openai.com/deviceauth/callback',
      code_verifier: body.code_verifier,
    };
    const { body: tokens } = await post('/oauth/token', exchange);
    expect(identity.lineages.accountOf(tokens.access_token ?? '')).toBe(account);
    expect(codeOf(await post('/oauth/token', exchange)), 'the code again').toEqual([400, 'invalid_grant']);
    for (const secret of [body.authorization_code, tokens.access_token, tokens.id_token, tokens.refresh_token]) {
      expect(identity.ledger.secrets).toContain(secret);
    }
  });

  it('by device is consented to on a page', async () => {
    const { identity, post, fetch } = await start();
    const account = identity.addAccount();
    const { body } = await post('/api/accounts/deviceauth/usercode', { client_id: CLIENT_ID });
    const visit = async (init?: RequestInit) => (await fetch('https://auth.openai.com/codex/device', init)).text();
    const send = (code: string) => visit({ method: 'POST', body: new URLSearchParams({ code, account: account.id }) });
    expect(await visit()).toContain(account.email);
    expect(await send('NO-SUCH')).toContain('not valid');
    expect(await send(body.user_code ?? '')).toContain('Signed in');
    const { device_auth_id, user_code } = body;
    expect((await post('/api/accounts/deviceauth/token', { device_auth_id, user_code })).status).toBe(200);
  });

  it('by browser wants the verifier, and comes back to this machine only', async () => {
    const { identity, post, codeOf, fetch } = await start();
    const account = identity.addAccount();
    const [verifier, redirect_uri] = [makeVerifier(), 'http://localhost:1455/auth/callback'];
    const urlWith = (changed: Record<string, string> = {}) => {
      const params = {
        response_type: 'code',
        client_id: CLIENT_ID,
        redirect_uri,
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        state: 'the-state',
        ...changed,
      };
      return `https://auth.openai.com/oauth/authorize?${new URLSearchParams(params)}`;
    };
    expect((await fetch(urlWith({ redirect_uri: 'https://evil.example/auth/callback' }))).status).toBe(400);
    const form = { method: 'POST', body: new URLSearchParams({ account: account.id }), redirect: 'manual' } as const;
    const back = new URL((await fetch(urlWith(), form)).headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('the-state');
    const exchange = (code: string | null, code_verifier: string) =>
      post('/oauth/token', {
        client_id: CLIENT_ID,
        grant_type: 'authorization_code',
        code,
        redirect_uri,
        code_verifier,
      });
    const stolen = back.searchParams.get('code');
    expect(codeOf(await exchange(stolen, makeVerifier()))).toEqual([400, 'invalid_grant']);
    expect(codeOf(await exchange(stolen, verifier)), 'a code that a thief has tried').toEqual([400, 'invalid_grant']);
    const again = new URL(identity.browser.consent(urlWith(), account));
    expect((await exchange(again.searchParams.get('code'), verifier)).status).toBe(200);
  });
});

describe('the model of the fake provider', () => {
  it('answers a good token of the account, or a good key, and nothing else', async () => {
    const { identity, fetch, model } = await start();
    const [login, other] = [identity.login(), identity.login()];
    const statusOf = async (bearer: string, accountId?: string) => {
      const headers = {
        ...JSON_TYPE,
        authorization: `Bearer ${bearer}`,
        ...(accountId && { 'chatgpt-account-id': accountId }),
      };
      const init = { method: 'POST', headers, body: JSON.stringify({ input: [] }) };
      const response = await fetch('https://chatgpt.com/backend-api/codex/responses', init);
      await response.text();
      return response.status;
    };
    expect(await statusOf(login.accessToken, login.account.id)).toBe(200);
    expect(await statusOf(identity.makeApiKey())).toBe(200);
    expect(await statusOf(login.accessToken, other.account.id)).toBe(403);
    expect(await statusOf('sk-unknown')).toBe(401);
    expect(await statusOf('unknown', login.account.id)).toBe(401);
    identity.lineages.refuseAccess(login.accessToken);
    expect(await statusOf(login.accessToken, login.account.id)).toBe(401);
    identity.lineages.accessTokenSeconds = -1;
    expect(await statusOf(identity.login(other.account).accessToken, other.account.id)).toBe(401);
    expect(model.requests).toHaveLength(2);
  });
});
