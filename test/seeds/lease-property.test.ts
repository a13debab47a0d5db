import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { HeldLease, Store } from '../../src/store/store.ts';
import { dataDirectory } from '../support/data-directory.ts';

const FACTS = { kind: 'apiKey', account: null, refreshedAt: null, accessExpiresAt: null } as const;
const SEEDS = ['a', 'b'];
const HOLDERS = ['x', 'y', 'z'];

/** What has to be so, said as simply as it can be: in memory, of one seed. */
interface Model {
  fence: number;
  version: number;
  holder: string | null;
  until: number;
  /** Every lease that was ever given, in its order. */
  readonly given: HeldLease[];
}

const seed = fc.constantFrom(...SEEDS);
const step = fc.oneof(
  fc.record({
    act: fc.constant('acquire' as const),
    seed,
    holder: fc.constantFrom(...HOLDERS),
    takesOver: fc.boolean(),
  }),
  fc.record({ act: fc.constantFrom('renew', 'release', 'save'), seed, nth: fc.nat(6) }),
  fc.record({ act: fc.constant('pass' as const), ms: fc.constantFrom(1, 20_000, 59_999, 60_000) }),
  fc.record({ act: fc.constant('remove' as const), seed, isForced: fc.boolean() }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

it('whatever is done with leases, the store and a simple model of it say the same', async () => {
  const time = { ms: Date.parse('2027-01-15T08:00:00Z') };
  const store = await openSqliteStore(await dataDirectory('seeds'), { now: () => time.ms });
  const models = new Map(
    SEEDS.map((id): [string, Model] => [id, { fence: 0, version: 0, holder: null, until: 0, given: [] }]),
  );
  for (const id of SEEDS) await addTo(store, models, id);
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 30 }), async (steps) => {
      for (const each of steps) await take(each);
    }),
    { numRuns: 60 },
  );
  await store.close();

  async function take(each: Step): Promise<void> {
    if (each.act === 'pass') {
      time.ms += each.ms;
      return;
    }
    const model = models.get(each.seed) as Model;
    const isLeased = model.holder !== null && model.until > time.ms;
    if (each.act === 'acquire') {
      const { holder, takesOver } = each;
      const order = { of: { seed: each.seed }, holder, takesOver, at: new Date(time.ms).toISOString() };
      const held = await store.seedLeases.acquire(order);
      const mayHave = !isLeased || (takesOver && model.holder === holder);
      expect(held !== undefined).toBe(mayHave);
      if (!held) return;
      expect(held.fence).toBeGreaterThan(model.fence);
      Object.assign(model, { fence: held.fence, holder, until: time.ms + 60_000 });
      model.given.push(held);
      return;
    }
    if (each.act === 'remove') {
      const options = { isForced: each.isForced, leavesContent: false };
      const isRemoved = await store.seeds.remove(each.seed, options).then(
        () => true,
        () => false,
      );
      expect(isRemoved).toBe(!isLeased || each.isForced);
      if (isRemoved) {
        model.holder = null;
        await addTo(store, models, each.seed);
      }
      return;
    }
    const held = model.given.at(-1 - ('nth' in each ? each.nth : 0));
    if (!held) return;
    const isHeld = model.holder === held.holder && model.fence === held.fence;
    if (each.act === 'renew') {
      expect(await store.seedLeases.renew(held)).toBe(isHeld);
      if (isHeld) model.until = time.ms + 60_000;
    } else if (each.act === 'release') {
      expect(await store.seedLeases.release(held)).toBe(isHeld);
      if (isHeld) model.holder = null;
    } else {
      const write = { lease: held, replaces: model.version, ...FACTS, state: 'unknown', reason: null } as const;
      const saved = await store.seeds.save(write, () => 'sealed').catch(({ code }) => code);
      if (!isHeld) return void expect(saved).toBe('lease-lost');
      model.version++;
      expect(saved).toMatchObject({ version: model.version });
    }
  }
});

async function addTo(store: Store, models: ReadonlyMap<string, Model>, id: string): Promise<void> {
  const model = models.get(id) as Model;
  const added = await store.seeds.add({ id, pool: null, ...FACTS }, () => 'sealed');
  expect(added?.version).toBe(model.version + 1);
  model.version++;
}
