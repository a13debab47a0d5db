import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEgress } from '../../../src/seeds/egress.ts';
import { BINARIES, NEWEST, OLDEST, type TestedBinary } from '../../support/codex.ts';
import { startIdentity } from '../../support/identity.ts';
import { type IdentityCodexOptions, startWithIdentity } from '../../support/identity-codex.ts';
import { filesWith } from '../../support/search.ts';

const FILE = { cli_auth_credentials_store: 'file' };

/** A codex without a login, and somebody who has an account. */
async function startToLogIn(binary: TestedBinary, options: IdentityCodexOptions = {}) {
  const at = options.at ?? (await startIdentity());
  const account = at.identity.addAccount();
  const codex = await startWithIdentity({ binary, at, config: FILE, ...options });
  const { client, home, identity, notified } = codex;
  const file = join(home, 'auth.json');
  const startDevice = async () => {
    const begun = await client.call('account/login/start', { type: 'chatgptDeviceCode' });
    if (begun.type !== 'chatgptDeviceCode') throw new Error(begun.type);
    return begun;
  };
  const completed = (loginId: string) => notified('account/login/completed', (told) => told.loginId === loginId);
  /** It is complete, and in force: with 0.142 that may be later. */
  const loggedIn = async (loginId: string) => {
    expect(await completed(loginId)).toMatchObject({ success: true, error: null });
    await notified('account/updated', ({ authMode }) => authMode === 'chatgpt');
  };
  const keptToken = () => JSON.parse(readFileSync(file, 'utf8')).tokens.refresh_token as string;
  return { ...codex, identity, account, file, startDevice, completed, loggedIn, keptToken };
}

describe.each(BINARIES)('a login by device with codex $version', (binary) => {
  it('is kept in the home after somebody has consented on the page, and works', async () => {
    const { identity, env, account, startDevice, loggedIn, keptToken, runTurn, startThread, workspace } =
      await startToLogIn(binary);
    const { loginId, userCode, verificationUrl } = await startDevice();
    expect(verificationUrl).toBe('https://auth.openai.com/codex/device');
    const egress = openEgress(env);
    onTestFinished(() => egress.close());
    const form = new URLSearchParams({ code: userCode, account: account.id });
    expect((await egress.fetch(verificationUrl, { method: 'POST', body: form })).status).toBe(200);
    await loggedIn(loginId);
    expect(identity.ledger.lost((token) => token === keptToken())).toEqual([]);
    expect((await runTurn(await startThread({ cwd: workspace }), '!say hello')).status).toBe('completed');
    expect(identity.at('responses').at(-1)).toMatchObject({ accountId: account.id, status: 200 });
  });

  it('fails when the person denies it, ends when it is cancelled, and leaves no file', async () => {
    const { identity, client, file, startDevice, completed } = await startToLogIn(binary);
    const denied = await startDevice();
    identity.devices.decide(denied.userCode, 'denied');
    const why = 'device auth failed with status 400 Bad Request';
    expect(await completed(denied.loginId)).toMatchObject({ success: false, error: why });
    const cancelled = await startDevice();
    const answer = await client.call('account/login/cancel', { loginId: cancelled.loginId });
    expect(answer).toEqual({ status: 'canceled' });
    expect(await completed(cancelled.loginId)).toMatchObject({ success: false, error: 'Login was not completed' });
    expect(existsSync(file)).toBe(false);
  });

  it('into the memory of codex leaves nothing on disk, and nobody gets at the refresh token', async () => {
    const { identity, account, client, startDevice, loggedIn, home, codex } = await startToLogIn(binary, {
      config: { cli_auth_credentials_store: 'ephemeral' },
    });
    const { loginId, userCode } = await startDevice();
    identity.devices.decide(userCode, account);
    await loggedIn(loginId);
    const status = await client.call('getAuthStatus', { includeToken: true, refreshToken: false });
    expect(identity.lineages.accountOf(status.authToken ?? '')).toBe(account);
    await codex.stop();
    expect([...identity.ledger.secrets].flatMap((secret) => filesWith(home, secret))).toEqual([]);
  });
});

describe('a login by device with codex 0.169', () => {
  it('needs no proxy, but an issuer and a base address', async () => {
    const at = await startIdentity();
    const direct = {
      CODEX_APP_SERVER_LOGIN_ISSUER: at.identity.url,
      HTTPS_PROXY: '',
      https_proxy: '',
    };
    const config = { ...FILE, chatgpt_base_url: `${at.identity.url}/backend-api` };
    const { identity, account, startDevice, completed } = await startToLogIn(NEWEST, { at, config, env: direct });
    const { loginId, userCode, verificationUrl } = await startDevice();
    expect(verificationUrl).toBe(`${identity.url}/codex/device`);
    identity.devices.decide(userCode, account);
    expect(await completed(loginId)).toMatchObject({ success: true, error: null });
    expect(new Set(identity.requests.map(({ host }) => host))).toEqual(new Set([`127.0.0.1:${identity.port}`]));
  });

  it('is not complete for codex when the account cannot be read; the login is kept all the same', async () => {
    const { identity, account, startDevice, completed, keptToken } = await startToLogIn(NEWEST);
    identity.faults.always('accounts', { kind: 'status', status: 500 });
    const { loginId, userCode } = await startDevice();
    identity.devices.decide(userCode, account);
    expect(await completed(loginId)).toMatchObject({ success: false });
    expect(identity.ledger.lost((token) => token === keptToken())).toEqual([]);
  });
});

describe('an API key in the memory of codex', () => {
  it.each(BINARIES)('works, and has no usage windows ($version)', async (binary) => {
    const { identity, client, runTurn, startThread, workspace } = await startWithIdentity({ binary });
    await client.call('account/login/start', { type: 'apiKey', apiKey: identity.makeApiKey() });
    expect((await runTurn(await startThread({ cwd: workspace }), '!say hello')).status).toBe('completed');
    expect(identity.at('responses').at(-1)).toMatchObject({ host: 'api.openai.com', status: 200 });
    await expect(client.call('account/rateLimits/read', {})).rejects.toThrow('chatgpt authentication required');
  });

  it('is on no disk (0.169), or in a log (0.142)', async () => {
    const filesAfter = async (binary: TestedBinary) => {
      const { identity, client, codex, home, runTurn, startThread, workspace } = await startWithIdentity({ binary });
      const apiKey = identity.makeApiKey();
      await client.call('account/login/start', { type: 'apiKey', apiKey });
      await runTurn(await startThread({ cwd: workspace }), '!say hello');
      await codex.stop();
      return filesWith(home, apiKey);
    };
    expect(await filesAfter(NEWEST)).toEqual([]);
    expect((await filesAfter(OLDEST)).join()).toContain('logs_2.sqlite');
  });
});
