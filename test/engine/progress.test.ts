import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { RunEventBody } from '../../src/contract/event.ts';
import { ProgressTold } from '../../src/engine/progress.ts';

let told: RunEventBody[];
let progress: ProgressTold;

beforeEach(() => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  told = [];
  progress = new ProgressTold((event) => told.push(event));
});

const values = () => told.map((event) => event.type === 'progress' && event.percent);

describe('progress', () => {
  it('tells the first value at once, and then ten a second at most', () => {
    for (let n = 0; n <= 1_000; n++) {
      progress.set(n / 10);
      vi.advanceTimersByTime(1);
    }
    expect(told.length).toBe(11);
    expect(values()[0]).toBe(0);
    vi.advanceTimersByTime(100);
    expect(values().at(-1)).toBe(100);
  });

  it('tells the last value before the end, also one that was set just then (D1.4: the original lost it)', () => {
    progress.set(10);
    progress.set(50);
    progress.set(100, 'all of it');
    progress.flush();
    expect(told).toEqual([
      { type: 'progress', percent: 10, message: null },
      { type: 'progress', percent: 100, message: 'all of it' },
    ]);
    vi.advanceTimersByTime(1_000);
    progress.flush();
    expect(told).toHaveLength(2);
  });

  it('keeps to 0 to 100, and does not know what is no number', () => {
    for (const percent of [-1, 101, Number.POSITIVE_INFINITY, Number.NaN, null]) {
      progress.set(percent);
      vi.advanceTimersByTime(100);
    }
    expect(values()).toEqual([0, 100, 100, null, null]);
  });

  it('lets whoever watches see what is told', () => {
    const seen: unknown[] = [];
    progress.onProgress = (value) => seen.push(value);
    progress.set(1, 'a');
    expect(seen).toEqual([{ percent: 1, message: 'a' }]);
  });
});
