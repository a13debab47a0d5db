import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchIdle } from '../../src/compose/idle-watch.ts';

const IDLE_MS = 10_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] }));
afterEach(() => void vi.useRealTimers());

function begin(isNeeded: () => Promise<boolean> = async () => false) {
  const used = { at: performance.now() };
  const onIdle = vi.fn();
  const end = watchIdle({ idleMs: IDLE_MS, isNeeded, lastUsed: () => used.at, onIdle });
  return { used, onIdle, end };
}

describe('watchIdle', () => {
  it('tells when nobody has needed it for so long, and not before', async () => {
    const { onIdle } = begin();
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
    expect(onIdle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(IDLE_MS / 4 + 1);
    expect(onIdle).toHaveBeenCalled();
  });

  it('counts from when somebody last asked for something', async () => {
    const { used, onIdle } = begin();
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1_000);
    used.at = performance.now();
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1_000);
    expect(onIdle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(IDLE_MS / 4 + 1_000);
    expect(onIdle).toHaveBeenCalled();
  });

  it('counts from when it was last needed', async () => {
    let needed = true;
    const { onIdle } = begin(async () => needed);
    await vi.advanceTimersByTimeAsync(10 * IDLE_MS);
    needed = false;
    await vi.advanceTimersByTimeAsync(IDLE_MS - 1);
    expect(onIdle).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(IDLE_MS / 2);
    expect(onIdle).toHaveBeenCalled();
  });

  it('stays where nobody can tell whether it is needed', async () => {
    const { onIdle } = begin(() => Promise.reject(new Error('the store is broken')));
    await vi.advanceTimersByTimeAsync(10 * IDLE_MS);
    expect(onIdle).not.toHaveBeenCalled();
  });

  it('tells nothing once it is called off, also of what it looks at just then', async () => {
    const answer = Promise.withResolvers<boolean>();
    const { onIdle, end } = begin(() => answer.promise);
    await vi.advanceTimersByTimeAsync(2 * IDLE_MS);
    end();
    answer.resolve(false);
    await vi.advanceTimersByTimeAsync(2 * IDLE_MS);
    expect(onIdle).not.toHaveBeenCalled();
  });
});
