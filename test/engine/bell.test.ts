import { describe, expect, it } from 'vitest';
import { Bell } from '../../src/engine/bell.ts';

/** Whether it has resolved by now. */
async function isOver(promise: Promise<void>): Promise<boolean> {
  return Promise.race([promise.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

describe('a bell', () => {
  it('wakes all who wait, once', async () => {
    const bell = new Bell();
    const waiting = [bell.after(bell.rung), bell.after(bell.rung)];
    expect(await isOver(Promise.race(waiting))).toBe(false);
    bell.ring();
    await Promise.all(waiting);
    expect(bell.waiting).toBe(0);
    expect(await isOver(bell.after(bell.rung))).toBe(false);
  });

  it('lets nobody miss that it rang before he waits', async () => {
    const bell = new Bell();
    const { rung } = bell;
    bell.ring();
    await bell.after(rung);
  });

  it('keeps nothing of whoever gives up, nor of his signal when it rings', async () => {
    const bell = new Bell();
    const controller = new AbortController();
    const waiting = bell.after(bell.rung, controller.signal);
    controller.abort();
    await waiting;
    expect(bell.waiting).toBe(0);
    await bell.after(bell.rung, controller.signal);
    expect(bell.waiting).toBe(0);
  });
});
