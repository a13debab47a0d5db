import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { Slots } from '../../src/rpc/slots.ts';
import { failureOf } from '../support/failure.ts';

const turnAway = (reason?: OptioError) => reason ?? new OptioError('call-timeout', 'waited too long');
const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Somebody who wants a place, and notes when it came. */
function visitors(slots: Slots) {
  const inside: number[] = [];
  const leave = new Map<number, () => void>();
  const come = (visitor: number) =>
    slots.take(60_000, turnAway).then((left) => {
      inside.push(visitor);
      leave.set(visitor, left);
    });
  return { inside, leave, come };
}

describe('Slots', () => {
  it('gives a free place at once', async () => {
    const slots = new Slots(1);
    await expect(slots.take(0, turnAway)).resolves.toBeTypeOf('function');
  });

  it('never lets in more than it has places, and lets everybody in, first come, first served', async () => {
    const steps = fc.array(fc.oneof(fc.constant('come' as const), fc.nat({ max: 9 })), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), steps, async (count, script) => {
        const { inside, leave, come } = visitors(new Slots(count));
        const all: Promise<void>[] = [];
        const now = () => leave.size;
        const leaveOne = (which: number) => {
          const visitor = [...leave.keys()][which % Math.max(1, leave.size)];
          if (visitor === undefined) return;
          const left = leave.get(visitor);
          leave.delete(visitor);
          left?.();
        };
        for (const step of script) {
          if (step === 'come') all.push(come(all.length));
          else leaveOne(step);
          await settle();
          const waiting = all.length - inside.length;
          expect(now()).toBeLessThanOrEqual(count);
          if (waiting > 0) expect(now()).toBe(count);
        }
        while (leave.size > 0) {
          leaveOne(0);
          await settle();
        }
        await Promise.all(all);
        expect(inside).toEqual(all.map((_, visitor) => visitor));
      }),
    );
  });

  it('counts a place that is left twice once only', async () => {
    const slots = new Slots(1);
    const leave = await slots.take(0, turnAway);
    leave();
    leave();
    await slots.take(0, turnAway);
    await expect(slots.take(5, turnAway)).rejects.toMatchObject({ code: 'call-timeout' });
  });

  it('sends away who waits too long, and does not keep the place for them', async () => {
    const slots = new Slots(1);
    const leave = await slots.take(0, turnAway);
    await expect(slots.take(5, turnAway)).rejects.toMatchObject({ code: 'call-timeout' });
    leave();
    await expect(slots.take(0, turnAway)).resolves.toBeTypeOf('function');
  });

  it('sends everybody away who waits, each with an error of their own', async () => {
    const slots = new Slots(1);
    await slots.take(0, turnAway);
    const waiting = ['a', 'b'].map((name) =>
      failureOf(slots.take(60_000, (reason) => new OptioError(reason?.code ?? 'internal', name))),
    );
    slots.rejectAll(new OptioError('connection-closed', 'over'));
    expect(await Promise.all(waiting)).toMatchObject([
      { code: 'connection-closed', message: 'a' },
      { code: 'connection-closed', message: 'b' },
    ]);
  });
});
