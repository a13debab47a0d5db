import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { HeldLease, LeaseOrder, Store } from '../../src/store/store.ts';
import { dataDirectory } from '../support/data-directory.ts';
import { failureOf } from '../support/failure.ts';

const FACTS = {
  kind: 'chatgpt',
  account: { accountId: 'acct-1', email: 'ada@example.org', plan: 'pro' },
  refreshedAt: null,
  accessExpiresAt: null,
} as const;
const NOW = '2027-01-15T08:00:00.000Z';

async function open(now = { ms: Date.parse(NOW) }, directory?: string) {
  const place = directory ?? (await dataDirectory('seeds'));
  const store = await openSqliteStore(place, { now: () => now.ms });
  return { store, now, directory: place };
}

function add(store: Store, id: string, pool: string | null = null) {
  return store.seeds.add({ id, pool, ...FACTS }, (version) => `sealed ${id} ${version}`);
}

function lease(store: Store, of: LeaseOrder['of'], holder = 'run-1', more: Partial<LeaseOrder> = {}) {
  return store.seedLeases.acquire({ of, holder, at: NOW, ...more });
}

function save(store: Store, held: HeldLease, replaces: number) {
  const write = { lease: held, replaces, ...FACTS, state: 'unknown', reason: null } as const;
  return store.seeds.save(write, (version) => `sealed ${held.seedId} ${version}`);
}

describe('a seed in the store', () => {
  it('is added once under a name, and kept over a restart', async () => {
    const { store, directory } = await open();
    expect(await add(store, 'work', 'team')).toMatchObject({ id: 'work', pool: 'team', version: 1, lease: null });
    expect(await add(store, 'work')).toBeUndefined();
    expect(await store.seeds.content('work')).toEqual({ seedId: 'work', version: 1, sealed: 'sealed work 1' });
    await store.close();
    const again = await open(undefined, directory);
    expect(await again.store.seeds.list()).toMatchObject([{ id: 'work', pool: 'team', account: FACTS.account }]);
    await again.store.close();
  });

  it('is written by whoever holds it and knows what he replaces, and by nobody else', async () => {
    const { store } = await open();
    await add(store, 'work');
    const first = (await lease(store, { seed: 'work' })) as HeldLease;
    expect(await save(store, first, 1)).toMatchObject({ version: 2 });
    expect((await failureOf(save(store, first, 1))).code).toBe('seed-changed');
    for (const wrong of [
      { fence: first.fence + 1 },
      { fence: first.fence - 1 },
      { holder: 'run-2' },
      { seedId: 'other' },
    ]) {
      expect((await failureOf(save(store, { ...first, ...wrong }, 2))).code).toBe('lease-lost');
    }
    await store.seedLeases.release(first);
    expect((await failureOf(save(store, first, 2))).code).toBe('lease-lost');
    // What was refused has left no trace, not even a number.
    const second = (await lease(store, { seed: 'work' })) as HeldLease;
    expect(await save(store, second, 2)).toMatchObject({ version: 3 });
    await store.close();
  });

  it('is saved after its lease ran out as long as nobody else has taken it', async () => {
    const { store, now } = await open();
    await add(store, 'work');
    const held = (await lease(store, { seed: 'work' })) as HeldLease;
    now.ms += 3_600_000;
    expect(await store.seeds.find('work')).toMatchObject({ lease: null });
    expect(await save(store, held, 1)).toMatchObject({ version: 2 });
    await lease(store, { seed: 'work' }, 'run-2');
    expect((await failureOf(save(store, held, 2))).code).toBe('lease-lost');
    await store.close();
  });

  it('keeps the last five contents', async () => {
    const { store } = await open();
    await add(store, 'work');
    await add(store, 'other');
    const held = (await lease(store, { seed: 'work' })) as HeldLease;
    for (let replaces = 1; replaces < 8; replaces++) await save(store, held, replaces);
    expect(await store.seeds.versions('work')).toEqual([8, 7, 6, 5, 4]);
    expect(await store.seeds.content('work', 4)).toMatchObject({ sealed: 'sealed work 4' });
    expect(await store.seeds.content('work', 3)).toBeUndefined();
    expect(await store.seeds.versions('other')).toEqual([1]);
    await store.close();
  });

  it('is told of by the version that was looked at only', async () => {
    const { store } = await open();
    await add(store, 'work');
    const held = (await lease(store, { seed: 'work' })) as HeldLease;
    expect(await store.seeds.note('work', 1, { state: 'healthy', reason: null, plan: 'team' })).toBe(true);
    expect(await store.seeds.find('work')).toMatchObject({
      state: 'healthy',
      account: { plan: 'team', accountId: 'acct-1' },
    });
    await save(store, held, 1);
    expect(await store.seeds.note('work', 1, { state: 'dead', reason: 'refused' })).toBe(false);
    expect(await store.seeds.find('work')).toMatchObject({ state: 'unknown', version: 2 });
    await store.close();
  });

  it('is removed only while nobody uses it, or by force, and then nobody who used it can write', async () => {
    const { store, now } = await open();
    await add(store, 'work');
    const held = (await lease(store, { seed: 'work' })) as HeldLease;
    const gently = { isForced: false, leavesContent: false };
    expect(await failureOf(store.seeds.remove('work', gently))).toMatchObject({
      code: 'seed-unavailable',
      message: expect.stringContaining('run-1'),
    });
    await store.seeds.remove('work', { isForced: true, leavesContent: false });
    expect(await store.seeds.list()).toEqual([]);
    expect((await failureOf(store.seeds.remove('work', gently))).code).toBe('not-found');
    await add(store, 'work');
    expect((await failureOf(save(store, held, 2))).code).toBe('lease-lost');
    expect(await store.seedLeases.renew(held)).toBe(false);
    // A number is never given twice: what somebody had of the old one cannot stand for the new one.
    const again = (await lease(store, { seed: 'work' })) as HeldLease;
    expect(again.fence).toBeGreaterThan(held.fence);
    expect(await store.seeds.content('work')).toMatchObject({ version: 2 });
    now.ms += 61_000;
    await store.seeds.remove('work', gently); // it ran out
    await store.close();
  });

  it('leaves its newest content where that is wanted, which is nobody else’s', async () => {
    const { store } = await open();
    await add(store, 'work');
    await save(store, (await lease(store, { seed: 'work' })) as HeldLease, 1);
    const left = await store.seeds.remove('work', { isForced: true, leavesContent: true });
    await add(store, 'work');
    expect(await store.seeds.versions('work')).toEqual([3]);
    expect(await store.seeds.reseal(({ sealed }) => `${sealed} anew`)).toBe(2);
    expect(await store.seeds.discard(left)).toBe(true);
    expect(await store.seeds.discard(left)).toBe(false);
    expect(await store.seeds.content('work')).toMatchObject({ sealed: 'sealed work 3 anew' });
    await store.close();
  });
});
