import { expect, it } from 'vitest';
import { inPools, poolNames } from '../../../web/src/seeds/pools.ts';
import { SEED } from '../../support/seed-summary.ts';

const SEEDS = [
  { ...SEED, id: 'zoe', pool: null },
  { ...SEED, id: 'b', pool: 'team' },
  { ...SEED, id: 'key', pool: 'batch' },
  { ...SEED, id: 'a', pool: 'team' },
];

it('puts seeds into their pools, each by its name, and what is in none last', () => {
  for (const seeds of [SEEDS, SEEDS.toReversed()])
    expect(inPools(seeds).map(({ name, seeds }) => [name, seeds.map(({ id }) => id)])).toEqual([
      ['batch', ['key']],
      ['team', ['a', 'b']],
      [null, ['zoe']],
    ]);
  expect(poolNames(SEEDS)).toEqual(['batch', 'team']);
  expect(inPools([])).toEqual([]);
});
