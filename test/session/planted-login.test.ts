import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { LocalHost } from '../../src/hosts/local.ts';
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
function lend({ seedId = 'work', auth = chatgptAuth(), refuse = undefined as OptioError | undefined } = {}) {
  const lost = new AbortController();
  const saved: string[] = [];
  const lent: LentFile = {
    seedId,
    mode: 'file',
    account: null,
    settings: {},
    lost: lost.signal,
    version: 1,
    auth,
    save: async (next) => {
      if (refuse) throw refuse;
      saved.push(next);
      return { isNew: true, version: 2 };
    },
    noteLimit: async () => {},
    noteRefused: async () => {},
    release: async () => {},
  };
  return { lent, lost, saved };
}

function plantedIn(
  directory: string,
  lent: LentFile,
  { onSaved = () => {}, logins = keeper() }: { onSaved?: (version: number) => void; logins?: Logins } = {},
): PlantedLogin {
  const saveLeft = async () => void (await saveLeftLogin(host, directory, logins));
  const planted = new PlantedLogin({ host, directory, lent, saveLeft, onSaved, onProblem: () => {} });
  onTestFinished(() => planted.leave());
  return planted;
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
  it('lies there for its user alone, is saved as codex renews it, and is not left there', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    const versions: number[] = [];
    const planted = plantedIn(directory, lent, { onSaved: (version) => versions.push(version) });
    await planted.plant();
    expect(readFileSync(file, 'utf8')).toBe(lent.auth);
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

  it('is not put over a newer one of the same seed, which is saved', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    await plantedIn(directory, lent).plant();
    const newer = chatgptAuth();
    writeFileSync(file, newer); // and codex has died
    await plantedIn(directory, lent).plant();
    expect([saved, readFileSync(file, 'utf8')]).toEqual([[newer], newer]);
  });

  it('is put over one of another seed only when that is saved', async () => {
    const { directory, file } = makeHome();
    const [other, { lent }] = [lend({ seedId: 'other' }), lend()];
    await plantedIn(directory, other.lent).plant();
    const newer = chatgptAuth();
    writeFileSync(file, newer); // and it could not be saved then
    const full = keeper(new OptioError('store-full', 'there is no space left'));
    await expect(plantedIn(directory, lent, { logins: full }).plant()).rejects.toMatchObject({ code: 'store-full' });
    expect(readFileSync(file, 'utf8')).toBe(newer);
    const logins = keeper();
    await plantedIn(directory, lent, { logins }).plant();
    expect([logins.left, readFileSync(file, 'utf8')]).toEqual([[['other', newer]], lent.auth]);
  });

  it('is put over half of one, and over nothing', async () => {
    const { directory, file } = makeHome();
    const { lent, saved } = lend();
    for (const before of [undefined, lent.auth.slice(0, 99), '{}\n']) {
      if (before !== undefined) writeFileSync(file, before);
      await plantedIn(directory, lent).plant();
      expect(readFileSync(file, 'utf8')).toBe(lent.auth);
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

  it('stays where it could not be saved at the end', async () => {
    const { directory, file } = makeHome();
    const { lent } = lend({ refuse: new OptioError('store-full', 'there is no space left') });
    const planted = plantedIn(directory, lent);
    await planted.plant();
    const next = chatgptAuth();
    writeFileSync(file, next);
    await expect(planted.settle()).rejects.toMatchObject({ code: 'store-full' });
    expect(readFileSync(file, 'utf8')).toBe(next);
  });
});

describe('saveLeftLogin', () => {
  /** What a process has left that died in the middle of a run. */
  async function leave(content?: string) {
    const { directory, file } = makeHome();
    await plantedIn(directory, lend().lent).plant();
    const auth = content ?? chatgptAuth();
    writeFileSync(file, auth);
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
