import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { HeldLease, LeaseOrder, SeedFindings, Store } from '../../src/store/store.ts';
import { dataDirectory } from '../support/data-directory.ts';

const FACTS = { kind: 'apiKey', account: null, refreshedAt: null, accessExpiresAt: null } as const;
const NOW = '2027-01-15T08:00:00.000Z';
const LATER = '2027-01-15T09:00:00.000Z';

async function open(now = { ms: Date.parse(NOW) }, directory?: string) {
  const place = directory ?? (await dataDirectory('seeds'));
  return { store: await openSqliteStore(place, { now: () => now.ms }), now, directory: place };
}

async function add(store: Store, id: string, findings?: SeedFindings): Promise<void> {
  await store.seeds.add({ id, pool: 'team', ...FACTS }, () => 'sealed');
  if (findings) await store.seeds.note(id, 1, findings);
}

const TEAM = { pool: 'team' } as const;

function lease(store: Store, holder: string, more: Partial<LeaseOrder> = {}) {
  return store.seedLeases.acquire({ of: TEAM, holder, at: NOW, ...more });
}

describe('a lease', () => {
  it('is had by one at a time, until it is given back', async () => {
    const { store } = await open();
    await add(store, 'a');
    const held = (await lease(store, 'run-1')) as HeldLease;
    expect(held).toMatchObject({ seedId: 'a', holder: 'run-1', fence: 1, expiresAt: '2027-01-15T08:01:00.000Z' });
    expect(await lease(store, 'run-2')).toBeUndefined();
    expect(await lease(store, 'run-1')).toBeUndefined();
    expect(await store.seedLeases.release({ ...held, holder: 'run-2' })).toBe(false);
    expect(await store.seedLeases.release({ ...held, fence: 2 })).toBe(false);
    expect(await store.seedLeases.release(held)).toBe(true);
    expect(await store.seedLeases.release(held)).toBe(false);
    expect(await lease(store, 'run-2')).toMatchObject({ fence: 2 });
    await store.close();
  });

  it('runs out by the clock of the store unless it is renewed, also that of a process that is gone', async () => {
    const { store, now, directory } = await open();
    await add(store, 'a');
    const held = (await lease(store, 'run-1')) as HeldLease;
    now.ms += 59_999;
    expect(await store.seedLeases.renew(held)).toBe(true);
    now.ms += 59_999;
    expect(await lease(store, 'run-2')).toBeUndefined();
    await store.close(); // without giving it back
    now.ms += 1;
    const next = await open(now, directory);
    expect(await lease(next.store, 'run-2')).toMatchObject({ fence: 2 });
    expect(await next.store.seedLeases.renew(held)).toBe(false);
    await next.store.close();
  });

  it('is had for a minute at most where the clock was ahead when it was given', async () => {
    const { store, now, directory } = await open({ ms: Date.parse(NOW) + 86_400_000 });
    await add(store, 'a');
    await lease(store, 'run-1');
    await store.close();
    now.ms = Date.parse(NOW);
    const next = await open(now, directory);
    expect(await lease(next.store, 'run-2')).toBeUndefined();
    now.ms += 60_000;
    expect(await lease(next.store, 'run-2')).toMatchObject({ fence: 2 });
    await next.store.close();
  });

  it('is not lost to somebody when the clock of the machine is set, in either direction', async () => {
    const store = await openSqliteStore(await dataDirectory('seeds'));
    await add(store, 'a');
    await lease(store, 'run-1');
    const { now } = Date;
    for (const ms of [86_400_000, -86_400_000]) {
      Date.now = () => now() + ms;
      try {
        expect(await lease(store, 'run-2')).toBeUndefined();
      } finally {
        Date.now = now;
      }
    }
    await store.close();
  });

  it('may be taken over by the same holder in another process, where that says so', async () => {
    const { store } = await open();
    await add(store, 'a');
    const held = (await lease(store, 'run-1')) as HeldLease;
    expect(await lease(store, 'run-2', { takesOver: true })).toBeUndefined();
    expect(await lease(store, 'run-1', { takesOver: true })).toMatchObject({ fence: 2 });
    expect(await store.seedLeases.renew(held)).toBe(false);
    await store.close();
  });
});

describe('the seed of a pool that is lent', () => {
  it('is the one that was lent longest ago', async () => {
    const { store, now } = await open();
    for (const id of ['a', 'b', 'c']) await add(store, id);
    const order: string[] = [];
    for (let turn = 0; turn < 7; turn++) {
      const held = (await lease(store, 'run')) as HeldLease;
      order.push(held.seedId);
      now.ms += 10;
      await store.seedLeases.release(held);
    }
    expect(order.join('')).toBe('abcabca');
    await store.close();
  });

  it('is one that is known to be healthy before one that nobody has tried, and never a dead one', async () => {
    const { store } = await open();
    await add(store, 'a', { state: 'dead', reason: 'refused' });
    await add(store, 'b');
    await add(store, 'c', { state: 'healthy', reason: null });
    expect(await lease(store, 'run-1')).toMatchObject({ seedId: 'c' });
    expect(await lease(store, 'run-2')).toMatchObject({ seedId: 'b' });
    expect(await lease(store, 'run-3')).toBeUndefined();
    expect(await lease(store, 'verify', { of: { seed: 'a' }, inAnyState: true })).toMatchObject({ seedId: 'a' });
    await store.close();
  });

  it('has something left to use in each of its windows', async () => {
    const { store } = await open();
    const window = (usedPercent: number, resetsAt: string | null) => ({
      label: '5h',
      minutes: 300,
      usedPercent,
      resetsAt,
    });
    await add(store, 'a', { usage: [window(100, LATER), window(100, '2027-01-15T07:00:00Z')] });
    expect(await lease(store, 'run-1')).toBeUndefined();
    expect(await lease(store, 'run-1', { at: LATER })).toMatchObject({ seedId: 'a' });
    await add(store, 'b', { usage: [window(99, LATER), window(100, null)] });
    expect(await lease(store, 'run-2')).toMatchObject({ seedId: 'b' });
    await store.close();
  });
});
