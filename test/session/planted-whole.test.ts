import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { saveLeftLogin } from '../../src/session/planted-login.ts';
import { chatgptAuth } from '../support/auth.ts';
import { host, keeper, lend, makeHome, plantedIn, plantWhole } from '../support/planted.ts';
import { until } from '../support/processes.ts';

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
