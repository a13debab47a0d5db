import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import type { SeedsOptions } from '../../src/seeds/lent-seeds.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { verifyAndRefreshSeed } from '../../src/seeds/verification.ts';
import { failureOf } from '../support/failure.ts';
import { ScriptedProvider } from '../support/scripted-provider.ts';
import { filesWith } from '../support/search.ts';
import { SteppedClock, seedPlace } from '../support/seeds.ts';

/** The seed `work`, whose refresh has been answered by the provider when this process lost interest: the answer waits on the disk. */
async function answeredPlace() {
  const clock = new SteppedClock();
  const provider = new ScriptedProvider({ now: () => clock.now() });
  const place = await seedPlace({ clock, now: () => clock.now(), provider: provider.options });
  const { store, directory } = place;
  const auth = provider.login('acct-work');
  await place.seeds.add({ id: 'work', auth });
  const open = (options: Partial<SeedsOptions> = {}) => {
    const key = { env: {}, file: join(directory, 'seed.key') };
    const seeds = new Seeds({ store, key, clock, provider: provider.options, ...options });
    onTestFinished(() => seeds.closeShared());
    return seeds;
  };
  const dying = open({
    provider: {
      ...provider.options,
      onStep: (step) => {
        if (step === 'answered') throw new Error('this process is gone');
      },
    },
  });
  const refreshes = join(directory, 'seeds', 'refreshes');
  await verifyAndRefreshSeed(dying, { seedId: 'work', refresh: 'always' });
  await dying.closeShared();
  const left = () => readdirSync(refreshes).sort();
  expect(left()).toEqual(['work.1.intent', 'work.1.result', 'work.1.sent']);
  return { ...place, clock, provider, auth, open, refreshes, left };
}

/** The refresh token of a seed. */
async function tokenOf(seeds: Seeds): Promise<string> {
  await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'test', inAnyState: true });
  return JSON.parse((await seeds.read(lease)).files['auth.json'] ?? '{}').tokens.refresh_token;
}

describe('an answer that waits on the disk', () => {
  it('is encrypted, for nobody but us, and taken up by whoever reads the seed next', async () => {
    const { seeds, directory, refreshes, left, provider, auth } = await answeredPlace();
    expect(statSync(refreshes).mode & 0o777).toBe(0o700);
    for (const name of left()) expect(statSync(join(refreshes, name)).mode & 0o777).toBe(0o600);
    const before = JSON.parse(auth).tokens.refresh_token;
    const now = await tokenOf(seeds);
    expect(now).not.toBe(before);
    expect(await seeds.find('work')).toMatchObject({ version: 2, state: 'healthy' });
    expect(left()).toEqual([]);
    for (const secret of [before, now]) expect(filesWith(directory, secret)).toEqual([]);
    await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    expect(provider.again).toBe(0);
  });

  it('stays there when it cannot be saved, while its token is of use, and is saved later', async () => {
    const { store, open, left, provider } = await answeredPlace();
    let isFull = true;
    const full: typeof store.seeds = Object.create(store.seeds, {
      save: {
        value: async (...given: Parameters<typeof store.seeds.save>) => {
          if (isFull) throw new OptioError('store-full', 'no space');
          return store.seeds.save(...given);
        },
      },
    });
    for (const name of ['find', 'list', 'content', 'versions', 'note'] as const) {
      Object.defineProperty(full, name, { value: store.seeds[name].bind(store.seeds) });
    }
    const seeds = open({ store: { seeds: full, seedLeases: store.seedLeases } });
    const use = await seeds.shared.use('work');
    const tokens = await use?.seed.tokens();
    expect(tokens?.chatgptAccountId).toBe('acct-work');
    expect(left()).toContain('work.1.result');
    // The newest token is not to be sent before it is safe.
    await expect(use?.seed.refresh('proactive_expiry')).rejects.toMatchObject({ code: 'store-full' });
    expect(provider.refreshed).toHaveLength(1);
    isFull = false;
    await use?.seed.look();
    expect(left()).toEqual([]);
    expect((await seeds.find('work')).version).toBe(2);
    expect((await use?.seed.tokens())?.accessToken).toBe(tokens?.accessToken);
  });

  it('is read with the new key after the key was changed', async () => {
    const { seeds, open } = await answeredPlace();
    expect(await seeds.rekey()).toBe(1);
    expect((await open().find('work')).version).toBe(1);
    await tokenOf(open());
    expect((await seeds.find('work')).version).toBe(2);
  });

  it('is taken up before somebody goes back to an older content', async () => {
    const { seeds, auth, left, provider } = await answeredPlace();
    expect(await seeds.undo('work')).toMatchObject({ version: 3, reason: 'went back to version 1' });
    expect(left()).toEqual([]);
    expect(await tokenOf(seeds)).toBe(JSON.parse(auth).tokens.refresh_token);
    await seeds.undo('work', { to: 2 });
    await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    expect(provider.again).toBe(0);
  });

  it('goes with the seed that is removed, and is in what is left of one that is deleted', async () => {
    const { seeds, store, left, auth } = await answeredPlace();
    await seeds.delete('work');
    expect(left()).toEqual([]);
    await seeds.add({ id: 'work', auth });
    expect(await tokenOf(seeds)).toBe(JSON.parse(auth).tokens.refresh_token);
    expect((await seeds.find('work')).version).toBe(3); // the second one was what had waited
    await seeds.purge('work');
    expect(await store.seeds.versions('work')).toEqual([]);
    const other = await answeredPlace();
    await other.seeds.purge('work');
    expect(other.left()).toEqual([]);
  });

  it('of an older content is thrown away where somebody has logged in since', async () => {
    const { seeds, left, provider, clock, store } = await answeredPlace();
    await clock.pass(1_000_000_000);
    const newer = provider.login('acct-work');
    const held = await store.seedLeases.acquire({ of: { seed: 'work' }, holder: 'login', at: '2026' });
    const lease = await seeds.take({ of: { seed: 'work' }, holder: 'login', takesOver: true });
    expect(held?.fence).toBe((lease?.fence ?? 0) - 1);
    if (lease) await seeds.save(lease, { files: { 'auth.json': newer }, replaces: 1 });
    await lease?.release();
    expect(await tokenOf(seeds)).toBe(JSON.parse(newer).tokens.refresh_token);
    expect(left()).toEqual([]);
  });

  it('of an older content is the newest where somebody went back to what it was sent for', async () => {
    const { seeds, left, auth, provider } = await answeredPlace();
    const lease = await seeds.take({ of: { seed: 'work' }, holder: 'old', takesOver: true, inAnyState: true });
    const older = JSON.stringify({
      ...JSON.parse(auth),
      tokens: { ...JSON.parse(auth).tokens, access_token: 'e30.e30.x' },
    });
    if (lease) await seeds.save(lease, { files: { 'auth.json': older }, replaces: 1 });
    await lease?.release();
    expect(await tokenOf(seeds)).not.toBe(JSON.parse(auth).tokens.refresh_token);
    expect((await seeds.find('work')).version).toBe(3);
    expect(left()).toEqual([]);
    await verifyAndRefreshSeed(seeds, { seedId: 'work', refresh: 'always' });
    expect(provider.again).toBe(0);
  });

  it('that somebody has changed is refused, and not lost', async () => {
    const { seeds, refreshes, left } = await answeredPlace();
    const path = join(refreshes, 'work.1.result');
    const sealed = readFileSync(path, 'utf8');
    // Not the last character: not all of its bits count.
    writeFileSync(
      path,
      sealed.replace(/.(.{8})$/, (_, end) => `${sealed.at(-9) === 'A' ? 'B' : 'A'}${end}`),
    );
    expect((await failureOf(tokenOf(seeds))).code).toBe('seed-unreadable');
    expect(left()).toContain('work.1.result');
    writeFileSync(path, sealed);
    await tokenOf(seeds);
    expect((await seeds.find('work')).version).toBe(2);
  });

  it('is not confused with anything else that lies there', async () => {
    const { seeds, refreshes } = await answeredPlace();
    mkdirSync(join(refreshes, 'other'));
    await tokenOf(seeds);
    expect(readdirSync(refreshes)).toEqual(['other']);
  });
});
