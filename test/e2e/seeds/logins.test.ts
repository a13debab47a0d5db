import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SESSION_MARK } from '../../../src/codex/launch.ts';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { findMarked } from '../../../src/hosts/processes.ts';
import { silence } from '../../fakes/identity/faults.ts';
import { failureOf } from '../../support/failure.ts';
import { filesWith } from '../../support/search.ts';
import { expectKept, expectNothingLeft, type LoginPlace, loginPlace } from '../../support/seed-logins.ts';

const CODE = /^[0-9A-F]{4}-[0-9A-F]{5,6}$/;

describe('a login with a code', () => {
  it('becomes a seed whose token is the newest there is, and nothing is left of it', async () => {
    const place = await loginPlace();
    const { identity, seeds, logins, begin, end } = place;
    const account = identity.addAccount({ email: 'ada@example.org' });
    const waiting = await begin({ id: 'work', pool: 'team' });
    expect(waiting).toMatchObject({
      ...{ seed: 'work', pool: 'team', method: 'deviceCode', state: 'waiting', error: null },
      url: 'https://auth.openai.com/codex/device',
      userCode: expect.stringMatching(CODE),
    });
    expect(Date.parse(waiting.expiresAt) - Date.parse(waiting.startedAt)).toBeGreaterThanOrEqual(15 * 60_000);
    expect(await logins.start({ id: 'work', pool: 'team' })).toEqual(waiting);
    identity.devices.decide(waiting.userCode ?? '', account);
    expect(await end(waiting)).toMatchObject({ state: 'done', error: null });
    expect(await seeds.find('work')).toMatchObject({
      ...{ kind: 'chatgpt', pool: 'team', state: 'unknown', version: 1 },
      account: { accountId: account.id, email: 'ada@example.org', plan: 'pro' },
    });
    await expectKept(place);
    expectNothingLeft(place);
    expect(JSON.stringify(logins.list())).not.toContain('rt_');
  });

  it('is saved with what is kept of a configuration, and nothing else of that comes to the disk', async () => {
    const place = await loginPlace();
    const { identity, seeds, logins, directory } = place;
    const login = { id: 'work', config: 'model = "gpt-5.5"\nnotify = ["canary"]\n' };
    const waiting = await place.begin(login);
    expect(filesWith(directory, 'gpt-5.5'), 'the search finds what is there').toContainEqual(
      expect.stringContaining('login.json'),
    );
    expect(filesWith(directory, 'canary')).toEqual([]);
    expect(await logins.start(login)).toEqual(waiting);
    expect(await failureOf(logins.start({ id: 'work' }))).toMatchObject({ code: 'invalid-input' });
    identity.devices.decide(waiting.userCode ?? '', identity.addAccount());
    expect(await place.end(waiting)).toMatchObject({ state: 'done' });
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test', inAnyState: true });
    expect((await seeds.read(lease)).files['config.toml']?.trim()).toBe('model = "gpt-5.5"');
    expectNothingLeft(place);
  });

  it('is given up by whoever began it, and leaves nothing', async () => {
    const place = await loginPlace();
    const waiting = await place.begin({ id: 'work' });
    const cancelled = await place.logins.cancel(waiting.id);
    expect(cancelled).toMatchObject({ state: 'cancelled', error: null });
    expect(await place.logins.cancel(waiting.id)).toEqual(cancelled);
    expect(await place.seeds.list()).toEqual([]);
    expectNothingLeft(place);
    expect((await place.begin({ id: 'work' })).state).toBe('waiting');
  });

  it('that was given up is saved by nobody, also where its home could not be removed', async () => {
    const place = await loginPlace();
    const { identity, directory, reopen } = place;
    class Stuck extends LocalHost {
      override async removeDirectory(): Promise<void> {
        throw new Error('it is in use');
      }
    }
    const logins = await reopen({ host: new Stuck({ home: directory }) });
    const { id } = await logins.start({ id: 'work' });
    const { userCode } = await logins.find(id, { seen: 'starting' });
    const { met } = identity.faults.next('accounts', silence('before'));
    identity.devices.decide(userCode ?? '', identity.addAccount());
    await met; // codex has the login by now
    expect((await logins.cancel(id)).state).toBe('cancelled');
    expect(place.left()).toEqual([id]);
    expect((await reopen()).list()).toEqual([]);
    expect(await place.seeds.list()).toEqual([]);
    expectNothingLeft(place);
  });

  it('is given up before it has begun', async () => {
    const place = await loginPlace();
    const { id } = await place.logins.start({ id: 'work' });
    expect(await place.logins.cancel(id)).toMatchObject({ state: 'cancelled' });
    expectNothingLeft(place);
  });

  it('is over when nobody logs in in time', async () => {
    const place = await loginPlace({ lifetimesMs: { deviceCode: 300, browser: 300 } });
    const over = await place.end(await place.begin({ id: 'work' }));
    expect(over).toMatchObject({ state: 'expired', error: { code: 'login-failed' } });
    expectNothingLeft(place);
  });

  it.each<[string, Parameters<LoginPlace['identity']['faults']['always']>[1], Partial<SeedLogin['error']>]>([
    ['404', { kind: 'status', status: 404 }, { code: 'login-failed', remedy: expect.stringContaining('security') }],
    ['500', { kind: 'status', status: 500 }, { code: 'provider-unreachable', message: expect.stringContaining('500') }],
    ['nothing', { kind: 'cut', when: 'before' }, { code: 'provider-unreachable' }],
  ])('fails in plain words where the provider says %s', async (_, fault, error) => {
    const place = await loginPlace();
    place.identity.faults.always('device-start', fault);
    expect(await place.begin({ id: 'work' })).toMatchObject({ state: 'failed', error });
    expectNothingLeft(place);
  });

  it('fails when it is denied, and when the provider gives no tokens for it', async () => {
    const place = await loginPlace();
    const { identity, begin, end } = place;
    const denied = await begin({ id: 'work' });
    identity.devices.decide(denied.userCode ?? '', 'denied');
    expect((await end(denied)).error).toMatchObject({ message: expect.stringContaining('denied') });
    const secret = `at_${'x'.repeat(60)}`;
    const body = { error: { message: `no, ${secret}`, code: 'invalid_grant' } };
    identity.faults.next('exchange', { kind: 'status', status: 400, body });
    const refused = await begin({ id: 'work' });
    identity.devices.decide(refused.userCode ?? '', identity.addAccount());
    const { state, error } = await end(refused);
    expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'login-failed' });
    expect(error?.message).toContain('400 Bad Request');
    expect(error?.message).not.toContain('xxxxxxxx');
    expectNothingLeft(place);
  });

  it('is kept although codex calls it incomplete, since the account cannot be read', async () => {
    const place = await loginPlace();
    place.identity.faults.always('accounts', { kind: 'status', status: 500 });
    const waiting = await place.begin({ id: 'work' });
    place.identity.devices.decide(waiting.userCode ?? '', place.identity.addAccount());
    expect((await place.end(waiting)).state).toBe('done');
    await expectKept(place);
    expectNothingLeft(place);
  });

  it('is kept although codex hears nothing of the account, and gives up', async () => {
    const place = await loginPlace();
    place.identity.faults.always('accounts', silence('before'));
    const waiting = await place.begin({ id: 'work' });
    place.identity.devices.decide(waiting.userCode ?? '', place.identity.addAccount());
    expect((await place.end(waiting)).state).toBe('done');
    await expectKept(place);
    expectNothingLeft(place);
  });

  it('is kept when everything is closed just then, and given up when nobody had logged in', async () => {
    const place = await loginPlace();
    const { identity, begin, logins } = place;
    const [early, late] = [await begin({ id: 'early' }), await begin({ id: 'late' })];
    const met = identity.faults.next('accounts', silence('before')).met;
    identity.devices.decide(early.userCode ?? '', identity.addAccount());
    await met;
    await logins.close();
    expect(logins.list().map(({ state }) => state)).toEqual(['done', 'cancelled']);
    expect((await logins.find(late.id)).error?.code).toBe('aborted');
    await expectKept(place, 'early');
    expectNothingLeft(place);
    expect((await failureOf(logins.start({ id: 'next' }))).code).toBe('aborted');
  });
});

it('is made by a codex that has nothing of the user, in a home for its owner only', async () => {
  const place = await loginPlace({
    env: {
      CODEX_APP_SERVER_LOGIN_ISSUER: 'https://127.0.0.1:9',
      CODEX_HOME: '/nowhere',
      OPENAI_API_KEY: 'sk-of-the-user',
      OPTIO_CODEX_SEED_KEY: 'of-ours',
    },
  });
  const { id, state, url } = await place.begin({ id: 'work' });
  expect({ state, url }).toEqual({ state: 'waiting', url: 'https://auth.openai.com/codex/device' });
  const home = join(place.directory, 'seeds', 'logins', id);
  expect(readdirSync(home).sort()).toEqual(['codex', 'home', 'login.json']);
  for (const name of ['.', 'codex', 'home']) expect(statSync(join(home, name)).mode & 0o777, name).toBe(0o700);
  expect(existsSync(join(home, 'codex', 'auth.json'))).toBe(false);
  expect(readFileSync(join(home, 'codex', 'config.toml'), 'utf8')).toContain('cli_auth_credentials_store = "file"');
  const [codex] = findMarked({ name: SESSION_MARK, value: id });
  const variables = readFileSync(`/proc/${codex?.pid}/environ`, 'utf8').split('\0');
  expect(variables).toContain(`HTTPS_PROXY=${place.proxy}`);
  expect(variables).toContain(`CODEX_HOME=${join(home, 'codex')}`);
  expect(variables.filter((variable) => /ISSUER|OPENAI|SEED_KEY/.test(variable))).toEqual([]);
});
