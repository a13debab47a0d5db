import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Seeds } from '../../src/seeds/seeds.ts';
import { chatgptAuth } from '../support/auth.ts';
import { failureOf } from '../support/failure.ts';
import { seedPlace, seedsOn } from '../support/seeds.ts';

it('gives a seed that nobody can read a new login of its account', async () => {
  const { seeds, store, directory } = await seedPlace({ source: () => randomBytes(32) });
  await seeds.add({ id: 'work', auth: chatgptAuth() });
  const refreshes = join(directory, 'seeds', 'refreshes');
  mkdirSync(refreshes, { recursive: true });
  writeFileSync(join(refreshes, 'work.1.result'), 'with a key that is lost');
  const auth = chatgptAuth();
  const now = seedsOn(store, directory, [randomBytes(32)]);
  const other = await failureOf(now.add({ id: 'work', auth: chatgptAuth({ account: 'acct-2' }), again: true }));
  expect(other.message).toContain('somebody else');
  const reason = expect.stringContaining('only its account was compared');
  expect(await now.add({ id: 'work', auth, again: true })).toMatchObject({ version: 2, state: 'unknown', reason });
  await using lease = await now.lease({ of: { seed: 'work' }, holder: 'run-1' });
  expect((await now.read(lease)).files).toEqual({ 'auth.json': auth });
  expect(readdirSync(refreshes)).toEqual([]);
});

it('makes no new key in the place of one that is gone, unless somebody does so by hand', async () => {
  const { seeds, store, directory } = await seedPlace();
  const file = join(directory, 'seed.key');
  const open = () => new Seeds({ store, key: { env: {}, file } });
  const auth = chatgptAuth();
  await seeds.add({ id: 'work', auth });
  rmSync(file);
  const gone = { code: 'invalid-config', message: expect.stringContaining('gone'), remedy: expect.any(String) };
  expect(await failureOf(open().add({ id: 'spare', auth: chatgptAuth() }))).toMatchObject(gone);
  expect(await failureOf(open().add({ id: 'work', auth, again: true }))).toMatchObject(gone);
  expect(await failureOf(open().rekey())).toMatchObject(gone);
  expect(existsSync(file)).toBe(false);
  expect(await open().list()).toMatchObject([{ id: 'work', version: 1 }]);
  writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  expect(await open().add({ id: 'work', auth: chatgptAuth(), again: true })).toMatchObject({ version: 2 });
});
