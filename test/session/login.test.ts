import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Login } from '../../src/codex/handshake.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { findLogin, type LoginOptions, type SessionLogin } from '../../src/session/login.ts';
import { testDirectory } from '../support/directories.ts';

const NOW = Date.UTC(2026, 10, 22, 10);
const MINUTE = 60_000;
const AUTH = 'https://api.openai.com/auth';

function token(claims: object): string {
  const parts = [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
  return `${parts.join('.')}.signature`;
}

/** An access token with so many minutes to live. */
function accessToken(minutes: number, claims: object = {}): string {
  return token({ exp: (NOW + minutes * MINUTE) / 1000, ...claims });
}

/** What it finds, with what codex is given of it. */
async function find(
  home: string,
  options: Partial<LoginOptions> = {},
): Promise<SessionLogin & { readonly login: Login | undefined }> {
  const host = new LocalHost({ home });
  const found = await findLogin({ host, config: {}, env: {}, userCodexHome: home, now: () => NOW, ...options });
  return { ...found, login: await found.give?.() };
}

function store(home: string, login: unknown): void {
  writeFileSync(join(home, 'auth.json'), typeof login === 'string' ? login : JSON.stringify(login));
}

describe('findLogin', () => {
  const provider = { baseUrl: 'http://127.0.0.1:1/v1', keyVariable: 'MY_KEY' };
  const env = { MY_KEY: 'sk-provider', OPENAI_API_KEY: 'sk-env' };

  it("takes the provider's key before everything", async () => {
    const home = testDirectory();
    store(home, { OPENAI_API_KEY: 'sk-file' });
    const { login, label } = await find(home, { config: { provider }, env });
    expect(login).toEqual({ type: 'apiKey', apiKey: 'sk-provider' });
    expect(label).toBe('key from MY_KEY');
  });

  it('gives a provider that wants no key none, whatever else there is', async () => {
    const { login, label } = await find(testDirectory(), { config: { provider: { baseUrl: provider.baseUrl } }, env });
    expect(login).toBeUndefined();
    expect(label).toContain(provider.baseUrl);
  });

  it("does not fall back to OPENAI_API_KEY when the provider's key is missing", async () => {
    const options = { config: { provider }, env: { ...env, MY_KEY: '' } };
    await expect(find(testDirectory(), options)).rejects.toMatchObject({
      code: 'login-missing',
      message: expect.stringContaining('MY_KEY'),
      remedy: expect.any(String),
    });
  });

  it('takes OPENAI_API_KEY before the stored login', async () => {
    const home = testDirectory();
    store(home, { OPENAI_API_KEY: 'sk-file' });
    expect((await find(home, { env })).login).toEqual({ type: 'apiKey', apiKey: 'sk-env' });
  });

  it('takes the stored key in the end', async () => {
    const home = testDirectory();
    store(home, { OPENAI_API_KEY: 'sk-file', tokens: null });
    const { login, renew } = await find(home);
    expect(login).toEqual({ type: 'apiKey', apiKey: 'sk-file' });
    expect(renew).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['no login at all', undefined],
    ['a file without a login', { OPENAI_API_KEY: null, tokens: null }],
    ['an empty login', { tokens: {} }],
  ])('says what to do about %s', async (_what, stored) => {
    const home = testDirectory();
    if (stored) store(home, stored);
    await expect(find(home)).rejects.toMatchObject({
      code: 'login-missing',
      message: expect.stringContaining(home),
      remedy: expect.stringContaining('codex login'),
    });
  });

  it.each(['{"OPENAI_API_KEY": sk-secret-1}', '{"OPENAI_API_KEY":"sk-secret-1', 'null', '"sk-secret-1"'])(
    'refuses the broken file %s, and shows nothing of it',
    async (text) => {
      const home = testDirectory();
      store(home, text);
      const error = await find(home).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'login-missing', remedy: expect.stringContaining('codex login') });
      expect(inspect(error)).not.toContain('secret');
    },
  );
});

describe('findLogin with a ChatGPT login', () => {
  const claims = { [AUTH]: { chatgpt_account_id: 'acct-token', chatgpt_plan_type: 'plus' } };
  const identity = token({ email: 'ada@example.org', [AUTH]: { chatgpt_plan_type: 'pro' } });

  it('lends the access token, and nothing that could renew it', async () => {
    const home = testDirectory();
    const access_token = accessToken(60);
    const tokens = { access_token, id_token: identity, account_id: 'acct-1', refresh_token: 'refresh-secret' };
    store(home, { tokens });
    const { login } = await find(home);
    expect(login).toEqual({
      type: 'chatgptAuthTokens',
      accessToken: access_token,
      chatgptAccountId: 'acct-1',
      chatgptPlanType: 'pro',
    });
  });

  it('says whose login it is, and shows no token', async () => {
    const home = testDirectory();
    const access_token = accessToken(60);
    store(home, {
      tokens: { access_token, id_token: identity, account_id: 'acct-1', refresh_token: 'refresh-secret' },
    });
    const { label } = await find(home);
    expect(label).toBe(`ChatGPT login of ada@example.org, lent from ${home}`);
    for (const secret of [access_token, identity, 'refresh-secret', 'signature']) expect(label).not.toContain(secret);
  });

  it('takes the account from the token where the file does not name it', async () => {
    const home = testDirectory();
    store(home, { tokens: { access_token: accessToken(60, claims) } });
    const { login } = await find(home);
    expect(login).toMatchObject({ chatgptAccountId: 'acct-token', chatgptPlanType: 'plus' });
  });

  it('lends a token that lives for 31 minutes', async () => {
    const home = testDirectory();
    store(home, { tokens: { access_token: accessToken(31), account_id: 'acct-1' } });
    await expect(find(home)).resolves.toMatchObject({ login: { chatgptPlanType: null } });
  });

  it('lends a token that lives for 30 minutes to the millisecond, and none that has one less', async () => {
    const home = testDirectory();
    const exp = 2_000_000_000;
    store(home, { tokens: { access_token: token({ exp }), account_id: 'acct-1' } });
    const least = exp * 1000 - 30 * 60 * 1000;
    await expect(find(home, { now: () => least })).resolves.toMatchObject({ login: { accessToken: token({ exp }) } });
    await expect(find(home, { now: () => least + 1 })).rejects.toMatchObject({ code: 'login-expired' });
  });

  it.each<[string, string]>([
    ['has 29 minutes to live', accessToken(29)],
    ['has no end', token({})],
    ['is no token', 'opaque'],
  ])('does not lend a token that %s', async (_what, access_token) => {
    const home = testDirectory();
    store(home, { tokens: { access_token, account_id: 'acct-1' } });
    await expect(find(home)).rejects.toMatchObject({ code: 'login-expired', remedy: expect.stringContaining('codex') });
  });

  it('does not lend a token of nobody', async () => {
    const home = testDirectory();
    store(home, { tokens: { access_token: accessToken(60) } });
    const error = { code: 'login-expired', message: expect.stringContaining('names no account') };
    await expect(find(home)).rejects.toMatchObject(error);
  });

  it('renews with a token that is newer, and with no other', async () => {
    const home = testDirectory();
    store(home, { tokens: { access_token: accessToken(60), account_id: 'acct-1' } });
    const { renew } = await find(home);
    await expect(renew?.()).rejects.toMatchObject({ code: 'login-expired' });
    store(home, { tokens: { access_token: accessToken(90), account_id: 'acct-1' } });
    await expect(renew?.()).resolves.toMatchObject({ accessToken: accessToken(90) });
    store(home, { tokens: { access_token: accessToken(20), account_id: 'acct-1' } });
    await expect(renew?.()).rejects.toMatchObject({ code: 'login-expired' });
    rmSync(join(home, 'auth.json'));
    await expect(renew?.()).rejects.toMatchObject({ code: 'login-expired' });
  });

  it('changes nothing in the home of the user', async () => {
    const home = testDirectory();
    store(home, { tokens: { access_token: accessToken(60), account_id: 'acct-1' } });
    const list = () => new LocalHost().listFiles(home, { skip: [], limit: 10 });
    const before = await list();
    const { renew } = await find(home);
    await expect(renew?.()).rejects.toThrow();
    await expect(list()).resolves.toEqual(before);
  });
});
