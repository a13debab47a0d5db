import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { GatePass } from '../../src/contract/seed-wish.ts';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { makeGateToken, withGateToken } from '../../src/seeds/gate-token.ts';
import { tokensOf } from '../../src/seeds/renewed-auth.ts';
import { PlantedLogin, saveLeftLogin } from '../../src/session/planted-login.ts';
import type { LentFile, Logins } from '../../src/task/logins.ts';
import { chatgptAuth } from '../support/auth.ts';
import { testDirectory } from '../support/directories.ts';
import { until } from '../support/processes.ts';

const host = new LocalHost();

/** The private directory of a run, with the home of its codex. */
function makeHome() {
  const directory = testDirectory('planted');
  mkdirSync(join(directory, 'codex'));
  return { directory, file: join(directory, 'codex', 'auth.json') };
}

/** A login that is lent, and what was saved of it. */
function lend({
  seedId = 'work',
  auth = chatgptAuth(),
  version = 1,
  port = 4_000,
  refuse = undefined as OptioError | undefined,
} = {}) {
  const lost = new AbortController();
  const saved: string[] = [];
  const guests: GatePass[] = [];
  const listeners = new Set<(version: number) => void>();
  const renew = (newer: number) => {
    for (const listener of listeners) listener(newer);
  };
  const lent: LentFile = {
    seedId,
    mode: 'file',
    account: null,
    settings: {},
    lost: lost.signal,
    version,
    auth,
    admit: async () => {
      const pass = { token: makeGateToken(), port };
      guests.push(pass);
      return pass;
    },
    readmit: async (pass) => {
      guests.push(pass);
      return pass.port === port;
    },
    onRenewed: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    save: async (next) => {
      if (refuse) throw refuse;
      saved.push(next);
      return { isNew: true, version: 2 };
    },
    noteLimit: async () => {},
    noteRefused: async () => {},
    release: async () => {},
  };
  return { lent, lost, saved, guests, renew };
}

interface Told {
  readonly onSaved?: (version: number) => void;
  readonly onUnreachable?: () => void;
  readonly logins?: Logins;
}

function plantedIn(directory: string, lent: LentFile, told: Told = {}): PlantedLogin {
  const { onSaved = () => {}, onUnreachable = () => {}, logins = keeper() } = told;
  const saveLeft = async () => void (await saveLeftLogin(host, directory, logins));
  const options = { host, directory, lent, saveLeft, onSaved, onUnreachable, onProblem: () => {} };
  const planted = new PlantedLogin(options);
  onTestFinished(() => planted.leave());
  return planted;
}

/** What an earlier version of ours has planted: the whole login. */
function plantWhole(directory: string, auth: string, seedId = 'work'): void {
  writeFileSync(join(directory, 'seed.json'), JSON.stringify({ seedId, version: 1 }));
  writeFileSync(join(directory, 'codex', 'auth.json'), auth);
}

/** Logins that know of what was left only. */
function keeper(refuse?: OptioError, isNew = true): Logins & { readonly left: [string, string][] } {
  const left: [string, string][] = [];
  return {
    left,
    lend: () => Promise.reject(new Error('not asked for here')),
    saveLeft: async ({ seedId, auth }) => {
      if (refuse) throw refuse;
      left.push([seedId, auth]);
      return { isNew, version: 2 };
    },
    names: async () => [],
    end: async () => {},
  };
}

describe('a login in the home of codex', () => {
  it('lies there without its refresh token, with what opens our gate, and nothing is left of it at the end', async () => {
    const { directory, file } = makeHome();
    const { lent, saved, guests } = lend();
    const planted = plantedIn(directory, lent);
    await planted.plant();
    const [pass] = guests;
    expect(readFileSync(file, 'utf8')).toBe(withGateToken(lent.auth, pass?.token ?? ''));
    expect(readFileSync(file, 'utf8')).not.toContain(tokensOf(lent.auth)?.refreshToken);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(join(directory, 'seed.json'), 'utf8'))).toEqual({
      seedId: 'work',
      version: 1,
      port: 4_000,
    });
    planted.watch();
    await planted.settle();
    expect([saved, readFileSync(file, 'utf8')]).toEqual([[], '{}\n']);
  });

  it('is reached by codex at our gate, past every proxy, and by no codex that has it whole', async () => {
    const { directory } = makeHome();
    const planted = plantedIn(directory, lend().lent);
    const env = { HTTP_PROXY: 'http://proxy.example', NO_PROXY: 'a.example, b.example' };
    expect(planted.environment(env)).toEqual(env);
    await planted.plant();
    const hosts = 'a.example,b.example,127.0.0.1';
    expect(planted.environment(env)).toEqual({
      ...env,
      CODEX_REFRESH_TOKEN_URL_OVERRIDE: 'http://127.0.0.1:4000/oauth/token',
      NO_PROXY: hosts,
      no_proxy: hosts,
    });
  });

  it('is told of when it was renewed, also by a refresh that a process before us has begun', async () => {
    const { directory } = makeHome();
    const versions: number[] = [];
    const onSaved = (version: number) => void versions.push(version);
    const first = lend();
    const planted = plantedIn(directory, first.lent, { onSaved });
    await planted.plant();
    planted.watch();
    first.renew(2);
    await until(() => JSON.parse(readFileSync(join(directory, 'seed.json'), 'utf8')).version === 2, 'its record');
    planted.leave();
    first.renew(3);
    expect(versions).toEqual([2]);
    const next = lend({ version: 3 }); // with another access token
    await plantedIn(directory, next.lent, { onSaved }).resume();
    await plantedIn(directory, next.lent, { onSaved }).resume();
    expect(versions).toEqual([2, 3]);
    await plantedIn(directory, lend({ version: 4, auth: next.lent.auth }).lent, { onSaved }).plant();
    expect(versions).toEqual([2, 3, 4]);
    await plantedIn(directory, lend({ version: 5, auth: next.lent.auth }).lent, { onSaved }).plant();
    expect(versions, 'with other settings, and the same login').toEqual([2, 3, 4]);
  });

  it('is known at the gate to the next process, which says where that cannot be any more', async () => {
    const { directory } = makeHome();
    const { lent, guests } = lend();
    await plantedIn(directory, lent).plant();
    let unreachable = 0;
    const onUnreachable = () => void unreachable++;
    const [there, elsewhere] = [lend(), lend({ port: 4_001 })];
    await plantedIn(directory, there.lent, { onUnreachable }).resume();
    expect([there.guests, unreachable]).toEqual([guests, 0]);
    await plantedIn(directory, elsewhere.lent, { onUnreachable }).resume();
    expect([elsewhere.guests, unreachable]).toEqual([guests, 1]);
  });

  it('is never saved as codex has it, whatever becomes of its home', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    const planted = plantedIn(directory, lent);
    await planted.plant();
    planted.watch();
    const renewed = JSON.parse(readFileSync(file, 'utf8'));
    renewed.tokens.access_token = tokensOf(chatgptAuth())?.accessToken;
    writeFileSync(file, JSON.stringify(renewed)); // as codex does with what it got at the gate
    const logins = keeper();
    expect(await saveLeftLogin(host, directory, logins)).toBeUndefined();
    await plantedIn(directory, lent, { logins }).plant();
    await plantedIn(directory, lend({ seedId: 'other' }).lent, { logins }).plant();
    await planted.settle();
    expect([saved, logins.left, readFileSync(file, 'utf8')]).toEqual([[], [], '{}\n']);
  });

  it('is put over half of one, and over nothing', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    for (const before of [undefined, lent.auth.slice(0, 99), '{}\n']) {
      if (before !== undefined) writeFileSync(file, before);
      await plantedIn(directory, lent).plant();
      expect(tokensOf(readFileSync(file, 'utf8'))?.accessToken).toBe(tokensOf(lent.auth)?.accessToken);
    }
    expect(saved).toEqual([]);
  });

  it('is not put there once it is lost', async () => {
    const { directory, file } = makeHome();
    const { lent, lost } = lend();
    lost.abort(new OptioError('lease-lost', 'somebody else has it'));
    await expect(plantedIn(directory, lent).plant()).rejects.toMatchObject({ code: 'lease-lost' });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a login that an earlier version of ours has planted whole', () => {
  it('is saved as codex renews it, and is not left there', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    const versions: number[] = [];
    plantWhole(directory, lent.auth);
    const planted = plantedIn(directory, lent, { onSaved: (version) => versions.push(version) });
    await planted.resume();
    planted.watch();
    const next = chatgptAuth();
    writeFileSync(file, next);
    await until(() => saved.length === 1, 'the renewed one');
    const last = chatgptAuth();
    writeFileSync(file, last);
    await planted.settle();
    expect([saved, versions]).toEqual([
      [next, last],
      [2, 2],
    ]);
    expect(readFileSync(file, 'utf8')).toBe('{}\n');
  });

  it('is saved before anything is put over it', async () => {
    const { directory } = makeHome();
    const { lent, saved } = lend();
    const newer = chatgptAuth();
    plantWhole(directory, newer); // and codex has died
    await plantedIn(directory, lent).plant();
    expect(saved).toEqual([newer]);
  });

  it('of another seed is saved first, or stays', async () => {
    const { directory, file } = makeHome();
    const { lent } = lend();
    const newer = chatgptAuth();
    plantWhole(directory, newer, 'other');
    const full = keeper(new OptioError('store-full', 'there is no space left'));
    await expect(plantedIn(directory, lent, { logins: full }).plant()).rejects.toMatchObject({ code: 'store-full' });
    expect(readFileSync(file, 'utf8')).toBe(newer);
    const logins = keeper();
    await plantedIn(directory, lent, { logins }).plant();
    expect(logins.left).toEqual([['other', newer]]);
  });

  it('stays where it could not be saved at the end', async () => {
    const { directory, file } = makeHome();
    const { lent } = lend({ refuse: new OptioError('store-full', 'there is no space left') });
    const next = chatgptAuth();
    plantWhole(directory, next);
    await expect(plantedIn(directory, lent).settle()).rejects.toMatchObject({ code: 'store-full' });
    expect(readFileSync(file, 'utf8')).toBe(next);
  });
});

describe('saveLeftLogin', () => {
  /** What a process has left that died in the middle of a run. */
  async function leave(content?: string) {
    const { directory } = makeHome();
    const auth = content ?? chatgptAuth();
    plantWhole(directory, auth);
    return { directory, auth };
  }

  it('saves what lies there, and says which version it has become', async () => {
    const { directory, auth } = await leave();
    const logins = keeper();
    expect(await saveLeftLogin(host, directory, logins)).toEqual({ seedId: 'work', version: 2 });
    expect(logins.left).toEqual([['work', auth]]);
  });

  it('says nothing of what was saved before', async () => {
    const { directory } = await leave();
    expect(await saveLeftLogin(host, directory, keeper(undefined, false))).toBeUndefined();
  });

  it.each([
    ['nothing is there', () => Promise.resolve({ directory: '/nowhere/at/all' })],
    ['no seed was there', () => Promise.resolve(makeHome())],
    ['what is there is not whole', () => leave('{"tokens":')],
    ['it was saved', () => leave('{}\n')],
  ])('does nothing where %s', async (_, make) => {
    const logins = keeper();
    await saveLeftLogin(host, (await make()).directory, logins);
    expect(logins.left).toEqual([]);
  });

  it.each(['store-full', 'seed-unavailable', 'lease-lost', 'seed-unreadable'] as const)(
    'throws over %s, which may be over another time, and says that nothing is lost',
    async (code) => {
      const { directory } = await leave();
      const failing = saveLeftLogin(host, directory, keeper(new OptioError(code, 'not now')));
      await expect(failing).rejects.toMatchObject({ code, remedy: expect.stringContaining('Nothing of it is lost') });
    },
  );

  it.each(['not-found', 'seed-changed', 'invalid-input'] as const)(
    'gives up over %s, and tells of it',
    async (code) => {
      const { directory } = await leave();
      const told: string[] = [];
      await saveLeftLogin(host, directory, keeper(new OptioError(code, 'never')), (error) => told.push(error.code));
      expect(told).toEqual([code]);
    },
  );
});
