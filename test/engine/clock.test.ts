import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/engine/clock.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-24T12:00:00Z');

describe('the clock of the system', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOON, toFake: ['Date', 'setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  function waitUntil(time: number): number[] {
    const woken: number[] = [];
    systemClock.at(time, () => woken.push(Date.now()));
    return woken;
  }

  it('wakes at the time, once', () => {
    const woken = waitUntil(NOON + HOUR + 1);
    vi.advanceTimersByTime(HOUR);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual([NOON + HOUR + 1]);
    vi.advanceTimersByTime(HOUR);
    expect(woken).toHaveLength(1);
  });

  it('wakes at once when it was time already', () => {
    const woken = waitUntil(NOON - 1);
    vi.advanceTimersByTime(0);
    expect(woken).toEqual([NOON]);
  });

  it('wakes soon after the clock was set an hour forward, past the time', () => {
    const woken = waitUntil(NOON + HOUR);
    vi.setSystemTime(NOON + HOUR);
    vi.advanceTimersByTime(30_000);
    expect(woken).toEqual([NOON + HOUR + 30_000]);
  });

  it('wakes soon after the clock was set an hour back', () => {
    const woken = waitUntil(NOON + HOUR);
    vi.setSystemTime(NOON - HOUR);
    vi.advanceTimersByTime(30_000);
    expect(woken).toEqual([NOON - HOUR + 30_000]);
  });

  it('waits for a time that is further away than a timer can wait', () => {
    const woken = waitUntil(NOON + 60 * 24 * HOUR);
    vi.advanceTimersByTime(60 * 24 * HOUR - 1);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toHaveLength(1);
  });

  it('does not wake when it was called off', () => {
    const woken: number[] = [];
    const off = systemClock.at(NOON + HOUR, () => woken.push(1));
    vi.advanceTimersByTime(HOUR / 2);
    off();
    vi.advanceTimersByTime(HOUR);
    expect(woken).toEqual([]);
  });

  it.each([HOUR, -HOUR])('wakes after the time that has passed, however the clock is set meanwhile (%i ms)', (jump) => {
    const woken: number[] = [];
    const before = systemClock.elapsed();
    systemClock.after(10_000, () => woken.push(systemClock.elapsed() - before));
    vi.setSystemTime(NOON + jump);
    vi.advanceTimersByTime(9_999);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual([10_000]);
  });

  it('wakes after a time that is longer than a timer can wait, unless it was called off', () => {
    const woken: string[] = [];
    systemClock.after(60 * 24 * HOUR, () => woken.push('waited'));
    const off = systemClock.after(60 * 24 * HOUR, () => woken.push('called off'));
    vi.advanceTimersByTime(60 * 24 * HOUR - 1);
    off();
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual(['waited']);
  });
});
