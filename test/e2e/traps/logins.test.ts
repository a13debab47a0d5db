import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LoginAccountParams } from '../../../src/codex/protocol/v2/LoginAccountParams.ts';
import { type BareOptions, startBare } from '../../support/bare-client.ts';
import { BINARIES, NEWEST, OLDEST, startCodex, type TestedBinary } from '../../support/codex.ts';
import { failureOf } from '../../support/failure.ts';
import { makeToken, REFRESH_TOKEN } from '../../support/logins.ts';
import { freePort } from '../../support/ports.ts';
import { until } from '../../support/processes.ts';
import { filesWith } from '../../support/search.ts';
import { startTlsProxy } from '../../support/tls-proxy.ts';

const OPENAI = { model_provider: 'openai', model: 'gpt-5.5', cli_auth_credentials_store: 'ephemeral' };
const WANTS_LOGIN = { requires_openai_auth: true, supports_websockets: false };

/** A token that is lent. */
function lent(accessToken: string, chatgptAccountId = 'acct-1'): LoginAccountParams {
  return { type: 'chatgptAuthTokens', accessToken, chatgptAccountId, chatgptPlanType: 'pro' };
}

/** A codex that comes to a stand-in for OpenAI, with what lies in its home by then. */
async function startWithOpenAi(binary: TestedBinary, files: Record<string, unknown> = {}, config = OPENAI) {
  const first = await startCodex({ binary, config, isRaw: true });
  await first.codex.stop();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(first.home, name), JSON.stringify(content), { mode: 0o600 });
  }
  const proxy = await startTlsProxy(first.model);
  const started = await startBare({ binary, from: first, env: proxy.env, experimentalApi: true });
  const authRequests = () => proxy.requests.flatMap(({ host, path }) => (host === 'auth.openai.com' ? [path] : []));
  return { ...started, proxy, authRequests };
}

/** A ChatGPT login as codex keeps it, whose token has so many minutes to live. */
function storedLogin(minutes: number): Record<string, unknown> {
  const tokens = {
    access_token: makeToken(minutes),
    id_token: makeToken(minutes),
    refresh_token: REFRESH_TOKEN,
    account_id: 'acct-1',
  };
  return { auth_mode: 'chatgpt', OPENAI_API_KEY: null, tokens, last_refresh: new Date().toISOString() };
}

/** What the provider is shown as a login, after one turn. */
async function shownLogin(options: BareOptions, login?: LoginAccountParams): Promise<string | undefined> {
  const { client, model, workspace, startThread, runTurn } = await startBare(options);
  if (login) await client.call('account/login/start', login);
  await runTurn(await startThread({ cwd: workspace }), '!say hello');
  return model.requests[0]?.headers.authorization as string | undefined;
}

describe.each(BINARIES)('a login of codex $version', (binary) => {
  it('is taken as it is, also an empty key', async () => {
    const config = { cli_auth_credentials_store: 'ephemeral' };
    const { client, notified } = await startBare({ binary, config, provider: WANTS_LOGIN });
    await client.call('account/login/start', { type: 'apiKey', apiKey: '' });
    await expect(notified('account/login/completed')).resolves.toMatchObject({ success: true });
    const { account } = await client.call('account/read', { refreshToken: false });
    expect(account).toEqual({ type: 'apiKey' });
  });

  it('is taken as it is, also a token that has expired', async () => {
    const { client, notified } = await startWithOpenAi(binary);
    await client.call('account/login/start', lent(makeToken(-60)));
    await expect(notified('account/login/completed')).resolves.toMatchObject({ success: true });
  });

  it('is lent by an experimental client only', async () => {
    const { client } = await startBare({ binary });
    const failure = await failureOf(client.call('account/login/start', lent(makeToken(60))));
    expect(failure.message).toContain('requires experimentalApi');
  });

  it('is in the environment of every command when codex has it from its own', async () => {
    const options = { binary, provider: { env_key: 'THE_KEY' }, env: { THE_KEY: 'sk-canary' } };
    const { model, workspace, startThread, runTurn } = await startBare(options);
    await runTurn(await startThread({ cwd: workspace }), '!run env\n!say done');
    expect(model.requests[0]?.headers.authorization).toBe('Bearer sk-canary');
    expect(model.requests.at(-1)?.outputs.join()).toContain('THE_KEY=sk-canary');
  });

  it('is in a file that every command can read when codex keeps it', async () => {
    const { model, workspace, startThread, runTurn, home } = await startBare({ binary });
    writeFileSync(join(home, 'auth.json'), JSON.stringify({ OPENAI_API_KEY: 'sk-canary' }), { mode: 0o600 });
    // Of a command that is over at once codex may have read nothing yet, on a busy machine.
    await runTurn(await startThread({ cwd: workspace }), `!run cat ${home}/auth.json; sleep 1\n!say done`);
    expect(model.requests.at(-1)?.outputs.join()).toContain('sk-canary');
  });

  it('is missed only by the turn when the variable of the key is not there', async () => {
    const { workspace, startThread, runTurn } = await startBare({ binary, provider: { env_key: 'THE_KEY' } });
    const { status, error } = await runTurn(await startThread({ cwd: workspace }), '!say hello');
    expect([status, error?.message]).toEqual(['failed', 'Missing environment variable: `THE_KEY`.']);
  });

  it('is missed by nobody but the provider that wants one', async () => {
    expect(await shownLogin({ binary, provider: WANTS_LOGIN })).toBeUndefined();
  });

  it('is renewed by codex itself when its token expires', async () => {
    const { authRequests } = await startWithOpenAi(
      binary,
      { 'auth.json': storedLogin(-5) },
      { ...OPENAI, cli_auth_credentials_store: 'file' },
    );
    await until(() => authRequests().includes('/oauth/token'), 'the renewal');
  });

  it('is renewed when it is read so, and revoked when one logs out', async () => {
    const files = { 'auth.json': storedLogin(60) };
    const config = { ...OPENAI, cli_auth_credentials_store: 'file' };
    const { client, home, authRequests } = await startWithOpenAi(binary, files, config);
    await client.call('account/read', { refreshToken: false });
    expect(authRequests()).toEqual([]);
    await client.call('account/read', { refreshToken: true });
    expect(authRequests()).toContain('/oauth/token');
    await client.call('account/logout', undefined);
    expect(authRequests()).toContain('/oauth/revoke');
    expect(existsSync(join(home, 'auth.json'))).toBe(false);
  });
});

describe('what only one of the two versions does with a login', () => {
  it('takes a token for an account that is not its own (0.142), or says later that it does not (0.169)', async () => {
    const isTaken = async (binary: TestedBinary) => {
      const { client, notified } = await startWithOpenAi(binary);
      const answer = await client.call('account/login/start', lent(makeToken(60), 'somebody-else'));
      expect(answer, 'the answer is the same').toEqual({ type: 'chatgptAuthTokens' });
      return (await notified('account/login/completed')).success;
    };
    expect(await isTaken(OLDEST)).toBe(true);
    expect(await isTaken(NEWEST)).toBe(false);
  });

  it('writes the token that it asked for to a log (0.142), or to no file (0.169)', async () => {
    const filesAfter = async (binary: TestedBinary) => {
      const { codex, client, connection, home, workspace, proxy, requests, startThread, startTurn, notified } =
        await startWithOpenAi(binary);
      const [old, newer] = [makeToken(60, 'old'), makeToken(60, 'newer')];
      await client.call('account/login/start', lent(old));
      proxy.refuseToken(old);
      await startTurn(await startThread({ cwd: workspace }), '!say hello');
      await until(() => requests.length > 0, 'the request for a newer token');
      expect(requests[0]?.method).toBe('account/chatgptAuthTokens/refresh');
      const { type: _, ...answer } = lent(newer) as Extract<LoginAccountParams, { type: 'chatgptAuthTokens' }>;
      await connection.respond(requests[0]?.id ?? 0, answer);
      expect((await notified('turn/completed')).turn.status).toBe('completed');
      await codex.stop();
      return filesWith(home, newer);
    };
    expect((await filesAfter(OLDEST)).join()).toContain('logs_2.sqlite');
    expect(await filesAfter(NEWEST)).toEqual([]);
  });

  it('shows a stored key to any provider (0.142), or only to one that wants it (0.169)', async () => {
    const shownBy = async (binary: TestedBinary) => {
      const from = await startCodex({ binary, isRaw: true });
      await from.codex.stop();
      const login = { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-stored' };
      writeFileSync(join(from.home, 'auth.json'), JSON.stringify(login), { mode: 0o600 });
      return shownLogin({ binary, from });
    };
    expect(await shownBy(OLDEST)).toBe('Bearer sk-stored');
    expect(await shownBy(NEWEST)).toBeUndefined();
  });

  it('cannot say whose account it is without the network (0.169), or can (0.142)', async () => {
    const readOffline = async (binary: TestedBinary) => {
      const nowhere = `http://127.0.0.1:${await freePort()}`;
      const env = { HTTPS_PROXY: nowhere, https_proxy: nowhere };
      const { client, notified } = await startBare({ binary, config: OPENAI, env, experimentalApi: true });
      await client.call('account/login/start', lent(makeToken(60)));
      await notified('account/login/completed');
      return client.call('account/read', { refreshToken: false });
    };
    expect((await failureOf(readOffline(NEWEST))).message).toContain('workspace routing discovery failed');
    expect((await readOffline(OLDEST)).account).toMatchObject({ email: 'ada@example.org' });
  });
});
