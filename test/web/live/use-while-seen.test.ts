import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileSeen } from '../../../web/src/live/use-while-seen.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A tab that one sees, or not. */
function tab(isSeen: boolean) {
  const target = new EventTarget();
  const document = Object.assign(target, { visibilityState: isSeen ? 'visible' : 'hidden' }) as unknown as Document;
  const see = (sees: boolean) => {
    Object.assign(document, { visibilityState: sees ? 'visible' : 'hidden' });
    target.dispatchEvent(new Event('visibilitychange'));
  };
  return { document, see };
}

it('calls again and again while the tab is seen, and not while it is not', () => {
  const { document, see } = tab(true);
  const act = vi.fn();
  const end = whileSeen(act, { everyMs: 1_000, document });
  expect(act).toHaveBeenCalledTimes(0);
  vi.advanceTimersByTime(3_000);
  expect(act).toHaveBeenCalledTimes(3);
  see(false);
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(3);
  see(true);
  expect(act).toHaveBeenCalledTimes(4); // at once: it may be long out of date
  vi.advanceTimersByTime(1_000);
  expect(act).toHaveBeenCalledTimes(5);
  end();
  see(false);
  see(true);
  vi.advanceTimersByTime(60_000);
  expect(act).toHaveBeenCalledTimes(5);
});

it('calls nothing for a tab that nobody has seen yet', () => {
  const { document, see } = tab(false);
  const act = vi.fn();
  const end = whileSeen(act, { everyMs: 1_000, document });
  vi.advanceTimersByTime(5_000);
  expect(act).toHaveBeenCalledTimes(0);
  see(true);
  expect(act).toHaveBeenCalledTimes(1);
  end();
});
