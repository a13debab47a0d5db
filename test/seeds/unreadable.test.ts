import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
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
