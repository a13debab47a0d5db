import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/engine/outbox.ts';
import { journals } from '../support/journal.ts';
import { notice } from '../support/stored-run.ts';

const delta = (text: string) =>
  ({ type: 'item.delta', turnId: 'turn', itemId: 'item', part: 'text', delta: text }) as const;

describe('what waits to be written', () => {
  it('takes nothing any more once it is taken out, however many deltas became one', () => {
    fc.assert(
      fc.property(journals, fc.array(fc.string()), (events, deltas) => {
        const outbox = new Outbox();
        for (const event of events) outbox.add(event);
        for (const text of deltas) outbox.add(delta(text));
        void outbox.seal({});
        outbox.add(notice('after it'));
        while (outbox.take());
        expect(outbox.size).toBe(0);
      }),
    );
  });

  it('takes as much as it is large', () => {
    const outbox = new Outbox();
    outbox.add(delta('x'.repeat(1_000)));
    outbox.add(delta('x'.repeat(1_000)));
    expect(outbox.size).toBeGreaterThan(2_000);
    expect(outbox.size).toBeLessThan(2_500);
  });
});
