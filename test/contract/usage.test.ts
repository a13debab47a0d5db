import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, NO_USAGE, type TokenUsage, tokenUsageSchema, usageSince } from '../../src/contract/usage.ts';

const number = fc.nat(1_000_000);
const usages: fc.Arbitrary<TokenUsage> = fc.record({
  total: number,
  input: number,
  cached: number,
  output: number,
  reasoning: number,
});

describe('addUsage', () => {
  it('adds each kind of tokens for itself', () => {
    const one = { total: 1, input: 2, cached: 3, output: 4, reasoning: 5 };
    const sum = { total: 11, input: 22, cached: 33, output: 44, reasoning: 55 };
    expect(addUsage(one, { total: 10, input: 20, cached: 30, output: 40, reasoning: 50 })).toEqual(sum);
  });

  it('adds nothing with NO_USAGE', () => {
    fc.assert(fc.property(usages, (usage) => void expect(addUsage(usage, NO_USAGE)).toEqual(usage)));
  });
});

describe('usageSince', () => {
  it('gives back what was added to a running total', () => {
    fc.assert(
      fc.property(usages, usages, (before, more) => {
        expect(usageSince(before, addUsage(before, more))).toEqual(more);
      }),
    );
  });

  it('counts from nothing when a new session does', () => {
    const before = { total: 100, input: 90, cached: 50, output: 10, reasoning: 5 };
    const now = { total: 30, input: 25, cached: 0, output: 5, reasoning: 0 };
    expect(usageSince(before, now)).toEqual(now);
  });

  it('is never negative, whatever two totals come one after the other', () => {
    fc.assert(
      fc.property(usages, usages, (before, now) => {
        for (const tokens of Object.values(usageSince(before, now))) expect(tokens).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('gives a usage that the contract accepts', () => {
    fc.assert(
      fc.property(usages, usages, (a, b) => {
        expect(tokenUsageSchema.parse(usageSince(a, b))).toEqual(usageSince(a, b));
      }),
    );
  });
});
