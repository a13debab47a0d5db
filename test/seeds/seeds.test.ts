import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { deleteSeed, listSeeds, purgeSeed } from '../../src/seeds/functions.ts';
import type { Lease } from '../../src/seeds/lease.ts';
import { chatgptAuth, secretsOf } from '../support/auth.ts';
import { failureOf } from '../support/failure.ts';
import { type SeedPlace, seedPlace, seedsOn } from '../support/seeds.ts';

const WORK = { seed: 'work' } as const;

async function work(auth = chatgptAuth()): Promise<SeedPlace & { readonly auth: string }> {
  const place = await seedPlace();
  await place.seeds.add({ id: 'work', auth });
  return { ...place, auth };
}

/** What has been saved of it by its holder, version after version. */
async function rotate({ seeds }: SeedPlace, lease: Lease, times = 1): Promise<string[]> {
  const auths: string[] = [];
  for (let time = 0; time < times; time++) {
    const { version: replaces } = await seeds.read(lease);
    const auth = chatgptAuth();
    await seeds.save(lease, { files: { 'auth.json': auth }, replaces });
    auths.push(auth);
  }
  return auths;
}

/** How a text may stand somewhere: as it is, as JSON, or in base64, wherever in that it begins. */
function formsOf(text: string): string[] {
  const shifted = [0, 1, 2].map((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)]).toString('base64');
    return bytes.slice(4, -4).replaceAll('=', '');
  });
  const urlSafe = shifted.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [text, JSON.stringify(text).slice(1, -1), JSON.stringify(JSON.stringify(text)), ...shifted, ...urlSafe];
}

function filesBelow(directory: string): Buffer[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path));
}

/** The tokens of somebody else beside the account and the id token of whom the seed is of. */
function mixed(): string {
  const { tokens, ...others } = JSON.parse(chatgptAuth());
  const { access_token, refresh_token } = JSON.parse(chatgptAuth({ account: 'acct-2', user: 'user-2' })).tokens;
  return JSON.stringify({ ...others, tokens: { ...tokens, access_token, refresh_token } });
}

describe('a seed', () => {
  it('gives what was saved to whoever holds it, with the harmless part of its configuration', async () => {
    const { seeds } = await seedPlace();
    const auth = chatgptAuth();
    await seeds.add({ id: 'work', auth, config: 'model = "gpt-5.5"\nnotify = ["sh"]\n' });
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    expect(await seeds.read(lease)).toEqual({
      version: 1,
      files: { 'auth.json': auth, 'config.toml': expect.stringMatching(/^model = "gpt-5.5"\s*$/) },
    });
  });

  it('is saved by whoever holds it: its login only, with the rest as it was', async () => {
    const { seeds } = await seedPlace();
    await seeds.add({ id: 'work', auth: chatgptAuth(), config: 'model = "gpt-5.5"' });
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    const auth = chatgptAuth({ exp: 4_100_000_000 });
    const files = { 'auth.json': auth, 'config.toml': 'notify = ["sh"]', '../../x': 'y' };
    expect(await seeds.save(lease, { files, replaces: 1 })).toMatchObject({
      version: 2,
      accessExpiresAt: new Date(4_100_000_000_000).toISOString(),
    });
    const { files: kept } = await seeds.read(lease);
    expect(kept).toEqual({ 'auth.json': auth, 'config.toml': expect.stringContaining('gpt-5.5') });
    // The same once more, by somebody who did not hear the answer.
    expect(await seeds.save(lease, { files, replaces: 1 })).toMatchObject({ version: 2 });
  });

  it.each([
    ['half-written', chatgptAuth().slice(0, -30)],
    ['of somebody who is logged out', '{"tokens":null}'],
    ['of another account', chatgptAuth({ account: 'acct-2' })],
    ['of somebody else in the account', chatgptAuth({ user: 'user-2' })],
    ['of another account in its access token only', mixed()],
    ['a key', '{"OPENAI_API_KEY":"sk-1234567890"}'],
    ['far too large', chatgptAuth({ email: 'x'.repeat(65_536) })],
  ])('is not saved with a login that is %s', async (_, auth) => {
    const { seeds, store } = await work();
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    const error = await failureOf(seeds.save(lease, { files: { 'auth.json': auth }, replaces: 1 }));
    expect(error).toMatchObject({ code: 'invalid-input', details: { field: 'auth.json' } });
    expect(await store.seeds.versions('work')).toEqual([1]);
  });

  it('is not saved by whoever has lost it, or knew an older version', async () => {
    const place = await work();
    const { seeds } = place;
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    await rotate(place, lease);
    const files = { 'auth.json': chatgptAuth() };
    expect((await failureOf(seeds.save(lease, { files, replaces: 1 }))).code).toBe('seed-changed');
    const next = await seeds.lease({ of: WORK, holder: 'run-1', takesOver: true });
    expect((await failureOf(seeds.save(lease, { files, replaces: 2 }))).code).toBe('lease-lost');
    expect(await seeds.save(next, { files, replaces: 2 })).toMatchObject({ version: 3 });
  });

  it('goes back to what it held before, and forward again, and to any version that is kept', async () => {
    const place = await work();
    const { seeds, auth } = place;
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    const later = await rotate(place, lease, 2);
    expect(await failureOf(seeds.undo('work'))).toMatchObject({ code: 'seed-unavailable' });
    await lease.release();
    const now = async () => {
      await using held = await seeds.lease({ of: WORK, holder: 'look' });
      return (await seeds.read(held)).files['auth.json'];
    };
    expect(await seeds.undo('work')).toMatchObject({ version: 4, state: 'unknown', reason: 'went back to version 2' });
    expect(await now()).toBe(later[0]);
    expect(await seeds.undo('work')).toMatchObject({ version: 5 });
    expect(await now()).toBe(later[1]);
    expect(await seeds.undo('work', { to: 1 })).toMatchObject({ version: 6 });
    expect(await now()).toBe(auth);
    expect((await failureOf(seeds.undo('work', { to: 1 }))).code).toBe('not-found');
    expect((await failureOf(seeds.undo('work', { to: 6 }))).code).toBe('invalid-input');
    expect((await seeds.find('work')).lease).toBeNull();
  });

  it('is dead no more when it was renewed', async () => {
    const place = await work();
    const lease = await place.seeds.lease({ of: WORK, holder: 'run-1' });
    await place.seeds.note('work', 1, { state: 'dead', reason: 'refused' });
    await rotate(place, lease);
    expect(await place.seeds.find('work')).toMatchObject({ state: 'unknown', reason: 'it was renewed' });
  });

  it('is not saved twice under two names, not even an older content of it', async () => {
    const place = await work();
    const lease = await place.seeds.lease({ of: WORK, holder: 'run-1' });
    const [newer = ''] = await rotate(place, lease);
    for (const auth of [place.auth, newer]) {
      const error = await failureOf(place.seeds.add({ id: 'twin', auth }));
      expect(error).toMatchObject({ code: 'invalid-input', message: expect.stringContaining('work') });
    }
    // Another login of the same account has tokens of its own.
    expect(await place.seeds.add({ id: 'second', auth: chatgptAuth() })).toMatchObject({ id: 'second' });
  });

  it('is not saved under two names that are given at the same time', async () => {
    const { seeds } = await seedPlace();
    const auth = chatgptAuth();
    const added = await Promise.allSettled(['one', 'two', 'three'].map((id) => seeds.add({ id, auth })));
    expect(added.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect(await listSeeds(seeds)).toHaveLength(1);
    const other = chatgptAuth();
    const second = (await seeds.add({ id: 'second', auth: chatgptAuth() })).id;
    const [first = ''] = (await listSeeds(seeds)).map(({ id }) => id).filter((id) => id !== second);
    const renewed = await Promise.allSettled([first, second].map((id) => seeds.add({ id, auth: other, again: true })));
    expect(renewed.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is deleted and leaves its content, or is purged with it', async () => {
    const { seeds } = await work();
    await seeds.add({ id: 'key', apiKey: 'sk-1234567890' });
    const left = await deleteSeed(seeds, 'work');
    expect((await failureOf(deleteSeed(seeds, 'work'))).code).toBe('not-found');
    expect((await failureOf(purgeSeed(seeds, 'work'))).code).toBe('not-found');
    await seeds.discard(left);
    expect((await failureOf(seeds.discard(left))).code).toBe('not-found');
    const lease = await seeds.lease({ of: { seed: 'key' }, holder: 'run-1' });
    expect((await failureOf(purgeSeed(seeds, 'key'))).code).toBe('seed-unavailable');
    await purgeSeed(seeds, 'key', { force: true });
    expect(await listSeeds(seeds)).toEqual([]);
    expect(lease.signal.aborted, 'whoever has it is told at once: it may be added again').toBe(true);
    expect((await failureOf(seeds.read(lease))).code).toBe('lease-lost');
  });
});

describe('what seeds hold', () => {
  it('stands nowhere in the data directory, in no form', async () => {
    const place = await work();
    const { seeds, directory, auth } = place;
    await seeds.add({ id: 'key', apiKey: 'sk-proj-abcdefghijklmnopqrstuvwxyz' });
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    const later = await rotate(place, lease, 7);
    await lease.release();
    await seeds.undo('work');
    await seeds.rekey();
    await deleteSeed(seeds, 'work');
    const files = filesBelow(directory);
    const secrets = [...[auth, ...later].flatMap(secretsOf), 'sk-proj-abcdefghijklmnopqrstuvwxyz'];
    expect(secrets.length).toBe(25);
    // What is searched for is found where it does stand.
    const found = (text: string) => files.filter((bytes) => bytes.includes(text)).length;
    expect(found('ada@example.org') + found('"email"')).toBeGreaterThan(0);
    for (const secret of secrets) for (const form of formsOf(secret)) expect(found(form), form).toBe(0);
  });

  it('is read under the next key after it was encrypted anew, and not under the one before', async () => {
    const [older, newer] = [randomBytes(32), randomBytes(32)];
    const { seeds, directory, store } = await seedPlace({ source: () => older });
    const auth = chatgptAuth();
    await seeds.add({ id: 'work', auth });
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    expect(await seedsOn(store, directory, [newer, older]).rekey()).toBe(1);
    expect((await seedsOn(store, directory, [newer]).read(lease)).files['auth.json']).toBe(auth);
    expect((await failureOf(seeds.read(lease))).code).toBe('seed-unreadable');
  });

  it('is not changed at all when a part of it cannot be read', async () => {
    const { seeds, store, directory } = await seedPlace({ source: () => randomBytes(32) });
    await seeds.add({ id: 'work', auth: chatgptAuth() });
    const other = seedsOn(store, directory, [randomBytes(32)]);
    await other.add({ id: 'other', auth: chatgptAuth() });
    const before = await store.seeds.content('other');
    expect((await failureOf(other.rekey())).code).toBe('seed-unreadable');
    expect(await store.seeds.content('other')).toEqual(before);
  });

  it('is not read when somebody has changed it, or put it elsewhere, and an undo goes on from there', async () => {
    const place = await work();
    const { seeds, store, directory } = place;
    await seeds.add({ id: 'other', auth: chatgptAuth() });
    const lease = await seeds.lease({ of: WORK, holder: 'run-1' });
    await rotate(place, lease);
    await lease.release();
    await store.close();
    using database = new DatabaseSync(join(directory, 'optio.db'));
    database.exec(`update seed_contents set sealed = (select sealed from seed_contents where seed_id = 'other')
      where seed_id = 'work' and version = 2`);
    database.close();
    const again = await seedPlace({ directory });
    const held = await again.seeds.lease({ of: WORK, holder: 'run-2' });
    const error = await failureOf(again.seeds.read(held));
    expect(error).toMatchObject({ code: 'seed-unreadable', message: expect.stringContaining('version 2') });
    await held.release();
    await again.seeds.undo('work');
    const next = await again.seeds.lease({ of: WORK, holder: 'run-2' });
    expect((await again.seeds.read(next)).files['auth.json']).toBe(place.auth);
  });
});
