import type { SeedSummary } from '../../../src/contract/seed.ts';

/** Seeds that stand for each other, or all that are in no pool. */
export interface Pool {
  readonly name: string | null;
  readonly seeds: readonly SeedSummary[];
}

/** The seeds by their pools, these by their names; what is in no pool comes last. */
export function inPools(seeds: readonly SeedSummary[]): Pool[] {
  const byName = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return [...Map.groupBy(seeds, ({ pool }) => pool)]
    .map(([name, its]) => ({ name, seeds: its.toSorted((a, b) => byName(a.id, b.id)) }))
    .toSorted((a, b) => (a.name === null ? 1 : b.name === null ? -1 : byName(a.name, b.name)));
}

/** The pools there are, by their names. */
export function poolNames(seeds: readonly SeedSummary[]): string[] {
  return inPools(seeds).flatMap(({ name }) => name ?? []);
}
