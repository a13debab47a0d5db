import type { SeedSummary } from './seed.ts';

/** Under this name a server holds the lease of what it lends to runs, also while none of them has it: that is no use of it. */
export const LENDER = 'engine';

/** Whoever uses a seed, and is no run; null where nobody does. */
export function holderOf({ lease }: Pick<SeedSummary, 'lease'>): string | null {
  return lease === null || lease.holder === LENDER ? null : lease.holder;
}
