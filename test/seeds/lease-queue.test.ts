import { describe, expect, it } from 'vitest';
import { SeedUnavailableError } from '../../src/errors.ts';
import type { Lease } from '../../src/seeds/lease.ts';
import type { SeedFindings, SeedLeases } from '../../src/store/store.ts';
import { failureOf } from '../support/failure.ts';
import { until } from '../support/processes.ts';
import { type SeedPlace, SteppedClock, seedPlace } from '../support/seeds.ts';

const TEAM = { pool: 'team' } as const;

/** Seeds of keys, all in one pool. */
async function team(ids: readonly string[], clock?: SteppedClock): Promise<SeedPlace> {
  const place = await seedPlace(clock ? { clock, now: () => clock.now() } : {});
  for (const id of ids) await place.seeds.add({ id, pool: 'team', apiKey: `sk-of-${id}-1234567890` });
  return place;
}

function note({ seeds }: SeedPlace, id: string, findings: SeedFindings): Promise<boolean> {
  return seeds.note(id, 1, findings);
}

const full = (resetsAt: string) => ({ usage: [{ label: '5h', minutes: 300, usedPercent: 100, resetsAt }] });
const inMs = (clock: SteppedClock, ms: number) => new Date(clock.now() + ms).toISOString();

describe('whoever wants a seed', () => {
  it('has another one than everybody else has, and waits where there is none', async () => {
    const { seeds } = await team(['a', 'b']);
    const [first, second] = await Promise.all([1, 2].map((n) => seeds.lease({ of: TEAM, holder: `run-${n}` })));
    expect([first?.seedId, second?.seedId].sort()).toEqual(['a', 'b']);
    let third: Lease | undefined;
    const waiting = seeds.lease({ of: TEAM, holder: 'run-3' }).then((lease) => {
      third = lease;
    });
    await seeds.list();
    expect(third).toBeUndefined();
    await second?.release();
    await waiting;
    expect(third).toMatchObject({ seedId: second?.seedId, holder: 'run-3' });
  });

  it('is told when one may be free, and why each is not, where he does not wait', async () => {
    const clock = new SteppedClock();
    const place = await team(['a', 'b', 'c'], clock);
    await note(place, 'b', { state: 'dead', reason: 'refresh_token_reused' });
    await note(place, 'c', full(inMs(clock, 3_600_000)));
    await place.seeds.lease({ of: TEAM, holder: 'run-1' });
    const refused = await failureOf(place.seeds.lease({ of: TEAM, holder: 'run-2', whenNone: 'refuse' }));
    expect(refused).toBeInstanceOf(SeedUnavailableError);
    expect(refused).toMatchObject({
      code: 'seed-unavailable',
      retryAt: inMs(clock, 60_000),
      details: {
        data: {
          seeds: [
            { seed: 'a', why: 'leased', what: 'leased by run-1', until: inMs(clock, 60_000) },
            { seed: 'b', why: 'dead', what: 'refresh_token_reused', until: null },
            { seed: 'c', why: 'used up', until: inMs(clock, 3_600_000) },
          ],
        },
      },
    });
  });

  it('does not wait for what will never be', async () => {
    const place = await team(['a']);
    await note(place, 'a', { state: 'dead', reason: 'refused' });
    const wants = (of: { pool: string } | { seed: string }) => failureOf(place.seeds.lease({ of, holder: 'run' }));
    expect(await wants(TEAM)).toMatchObject({ code: 'seed-unavailable', retryAt: null });
    expect(await wants({ pool: 'nobody' })).toMatchObject({ code: 'seed-unavailable', retryAt: null });
    expect(await wants({ seed: 'nobody' })).toMatchObject({ code: 'not-found' });
  });

  it('gets the next one of a list where the one before has none', async () => {
    const { seeds } = await team(['a']);
    await seeds.add({ id: 'spare', apiKey: 'sk-spare-1234567890' });
    const of = [{ seed: 'nobody' }, TEAM, { seed: 'spare' }];
    const [first, second] = [await seeds.lease({ of, holder: 'run-1' }), await seeds.lease({ of, holder: 'run-2' })];
    expect([first.seedId, second.seedId]).toEqual(['a', 'spare']);
    expect((await failureOf(seeds.lease({ of, holder: 'run-3', whenNone: 'refuse' }))).code).toBe('seed-unavailable');
  });

  it('is woken when a lease runs out, and when a usage window begins anew', async () => {
    const clock = new SteppedClock();
    const place = await team(['a'], clock);
    // Somebody has it who is gone.
    await place.store.seedLeases.acquire({ of: TEAM, holder: 'gone', at: inMs(clock, 0) });
    const waiting = place.seeds.lease({ of: TEAM, holder: 'run-1' });
    await until(async () => clock.waiting > 0, 'it waits');
    await clock.pass(60_000);
    const lease = await waiting;
    await lease.release();
    await note(place, 'a', full(inMs(clock, 600_000)));
    let isGiven = false;
    const next = place.seeds.lease({ of: TEAM, holder: 'run-2' }).then((given) => {
      isGiven = true;
      return given;
    });
    await until(async () => clock.waiting > 0, 'it waits');
    await clock.pass(599_999);
    expect(isGiven).toBe(false);
    await clock.pass(100);
    expect((await next).seedId).toBe('a');
  });

  it('is woken by a seed that is added, found to be alive, or removed', async () => {
    const place = await team(['a']);
    const { seeds } = place;
    const held = await seeds.lease({ of: TEAM, holder: 'run-1' });
    const added = seeds.lease({ of: TEAM, holder: 'run-2' });
    await seeds.list();
    await seeds.add({ id: 'b', pool: 'team', apiKey: 'sk-of-b-1234567890' });
    expect((await added).seedId).toBe('b');
    const named = failureOf(seeds.lease({ of: { seed: 'a' }, holder: 'run-3' }));
    await seeds.list();
    await seeds.purge('a', { force: true });
    expect((await named).code).toBe('not-found');
    await held.release();
  });

  it('may give up, and then nobody holds anything for him', async () => {
    const { seeds } = await team(['a']);
    const held = await seeds.lease({ of: TEAM, holder: 'run-1' });
    const controller = new AbortController();
    const given = failureOf(seeds.lease({ of: TEAM, holder: 'run-2', signal: controller.signal }));
    await seeds.list();
    controller.abort(new Error('enough'));
    expect(await given).toMatchObject({ code: 'aborted', cause: new Error('enough') });
    expect((await failureOf(seeds.lease({ of: TEAM, holder: 'run-2', signal: controller.signal }))).code).toBe(
      'aborted',
    );
    // Just as it is given to him.
    const late = new AbortController();
    const caught = failureOf(seeds.lease({ of: TEAM, holder: 'run-3', signal: late.signal }));
    void held.release();
    late.abort();
    expect((await caught).code).toBe('aborted');
    expect((await seeds.lease({ of: TEAM, holder: 'run-4' })).seedId).toBe('a');
  });

  it('is told when everything is closed', async () => {
    const { seeds } = await team(['a']);
    await seeds.lease({ of: TEAM, holder: 'run-1' });
    const waiting = failureOf(seeds.lease({ of: TEAM, holder: 'run-2' }));
    await seeds.close();
    expect((await waiting).code).toBe('aborted');
    expect((await failureOf(seeds.lease({ of: TEAM, holder: 'run-3' }))).code).toBe('aborted');
  });

  it('is told what is wrong with the store', async () => {
    const { seeds, store } = await team(['a']);
    await store.close();
    expect((await failureOf(seeds.lease({ of: TEAM, holder: 'run' }))).code).toMatch(/^(aborted|store-failed)$/);
  });
});

describe('a crowd of 200 that wants a pool of three', () => {
  it('has each seed one at a time, in the order in which they came, and asks for none in vain', async () => {
    const place = await team(['a', 'b', 'c']);
    const { seeds, store } = place;
    let asked = 0;
    const { acquire } = store.seedLeases as SeedLeases;
    store.seedLeases.acquire = (order) => {
      asked++;
      return acquire.call(store.seedLeases, order);
    };
    const holding = new Map<string, number>();
    const fences = new Map<string, number>();
    const order: number[] = [];
    const want = async (nth: number) => {
      await using lease = await seeds.lease({ of: TEAM, holder: `run-${nth}` });
      order.push(nth);
      expect(holding.get(lease.seedId)).toBeUndefined();
      expect(lease.fence).toBeGreaterThan(fences.get(lease.seedId) ?? 0);
      holding.set(lease.seedId, nth);
      fences.set(lease.seedId, lease.fence);
      // Everybody else has asked by then, and waits.
      await new Promise(setImmediate);
      holding.delete(lease.seedId);
    };
    await Promise.all(Array.from({ length: 200 }, (_, nth) => want(nth)));
    expect(order).toEqual(Array.from({ length: 200 }, (_, nth) => nth));
    expect([...fences.values()].reduce((sum, fence) => sum + fence, 0)).toBe(200);
    // One question of each who gets one, and at most one in vain each time that there was none.
    expect(asked).toBeLessThan(2.5 * 200);
  });
});
