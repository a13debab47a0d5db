import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/engine/outbox.ts';
import { journals } from '../support/journal.ts';
import { notice } from '../support/stored-run.ts';

const delta = (text: string, itemId = 'item') =>
  ({ type: 'item.delta', turnId: 'turn', itemId, part: 'text', delta: text }) as const;

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

  it('collects the deltas of an item for 50 ms, and lets what it says first go at once', () => {
    const outbox = new Outbox();
    outbox.add(delta('first'));
    expect(outbox.patience(1_000)).toBe(0);
    outbox.take(1_000);
    outbox.add(delta('more'));
    expect(outbox.patience(1_010)).toBe(40);
    outbox.add(delta('and more'));
    expect(outbox.patience(1_020)).toBe(30);
    outbox.add(delta('first', 'other'));
    expect(outbox.patience(1_020)).toBe(0);
    outbox.take(1_020);
    outbox.add(delta('more', 'other'));
    expect(outbox.patience(1_030)).toBe(40);
    expect(outbox.patience(1_080)).toBe(0);
  });

  it('waits for nothing where there is more than deltas, or somebody has asked for it', () => {
    const outbox = new Outbox();
    outbox.add(delta('first'));
    outbox.take(1_000);
    outbox.add(delta('more'));
    outbox.add(notice('something else'));
    outbox.add(delta('and more'));
    expect(outbox.patience(1_010)).toBe(0);
    outbox.take(1_010);
    outbox.add(delta('more'));
    expect(outbox.patience(1_020)).toBe(40);
    void outbox.seal({});
    expect(outbox.patience(1_020)).toBe(0);
  });
});
