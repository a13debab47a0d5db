import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace } from '../../../web/src/run/panel/pace.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Counts what is done, of which each ends when it is told to. */
function counted() {
  const waiting: (() => void)[] = [];
  let begun = 0;
  const act = () => {
    begun++;
    return new Promise<void>((resolve) => waiting.push(resolve));
  };
  const end = async () => {
    waiting.shift()?.();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { pace: new Pace({ act, gapMs: 1_000 }), begun: () => begun, end };
}

describe('Pace', () => {
  it('begins at once, and never two at a time', async () => {
    const { pace, begun, end } = counted();
    pace.ask();
    pace.ask();
    pace.askNow();
    expect(begun()).toBe(1);
    await end();
    expect(begun()).toBe(1);
  });

  it('does it once more for all who have asked meanwhile, after a gap', async () => {
    const { pace, begun, end } = counted();
    pace.ask();
    pace.ask();
    await end();
    pace.ask();
    await vi.advanceTimersByTimeAsync(999);
    expect(begun()).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun()).toBe(2);
    await end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(begun()).toBe(2);
  });

  it('waits for no gap when a person asks', async () => {
    const { pace, begun, end } = counted();
    pace.ask();
    await end();
    pace.askNow();
    expect(begun()).toBe(2);
  });

  it('does nothing any more once it is stopped', async () => {
    const { pace, begun, end } = counted();
    pace.ask();
    pace.ask();
    pace.stop();
    await end();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(begun()).toBe(1);
  });
});
