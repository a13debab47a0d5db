import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepsOf } from '../../src/store/journal-steps.ts';
import type { JournalRange } from '../../src/store/store.ts';

/** By the number of an event: the first one that it stands for. */
type Numbers = ReadonlyMap<number, number>;

const journalOf = (length: number): Numbers =>
  new Map(Array.from({ length }, (_, index) => [index + 1, index + 1] as const));

/** What is left once these are compacted. */
function compacted(journal: Numbers, ranges: readonly JournalRange[]): Numbers {
  const left = new Map(journal);
  for (const { from, to } of ranges) {
    for (let seq = from; seq < to; seq++) left.delete(seq);
    if (left.has(to)) left.set(to, from);
  }
  return left;
}

/** Ranges that leave room between each other, some of them long. */
const ranges = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.oneof(fc.integer({ min: 2, max: 9 }), fc.nat(9_000))), {
    maxLength: 300,
  })
  .map((parts) => {
    let last = 0;
    return parts.map(([gap, length]): JournalRange => {
      const from = last + gap + 1;
      last = from + length;
      return { from, to: last };
    });
  });

describe('the steps in which a journal is compacted', () => {
  it('come to the same as all of it at once, and each leaves a journal without a gap that nobody tells of', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        const whole = journalOf((all.at(-1)?.to ?? 0) + 1);
        let journal = whole;
        for (const step of stepsOf(all.slice(0, 20))) {
          journal = compacted(journal, step);
          let last = 0;
          for (const [seq, from] of journal) {
            if (from !== last + 1) expect([seq, from]).toEqual([seq, last + 1]);
            last = seq;
          }
        }
        expect(journal).toEqual(compacted(whole, all.slice(0, 20)));
      }),
      { numRuns: 20 },
    );
  });

  it('remove no more than 2,000 events each, and touch no more than 100 ranges', () => {
    fc.assert(
      fc.property(ranges, (all) => {
        let last = { from: 0, to: 0 };
        for (const step of stepsOf(all)) {
          let removed = 0;
          for (const range of step) {
            removed += range.to - (range.from === last.from ? last.to : range.from);
            last = range;
          }
          expect(removed).toBeLessThanOrEqual(2_000);
          expect(step.length).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 50 },
    );
  });
});
