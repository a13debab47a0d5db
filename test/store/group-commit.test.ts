import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { GroupCommit } from '../../src/store/group-commit.ts';

/** Longer than this nothing may wait for company, in milliseconds. */
const LIMIT_MS = 20;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
});

/** Notes when each group was committed; `takesMs` is how long that takes. */
function makeCommits({ takesMs = 0 } = {}) {
  const groups: { readonly entries: readonly number[]; readonly at: number }[] = [];
  const commits = new GroupCommit<number>(async (entries) => {
    if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs));
    groups.push({ entries, at: performance.now() });
    return [];
  });
  return { commits, groups };
}

describe('commits in groups', () => {
  it('write at once what comes after a pause, and together what comes in one go', async () => {
    const { commits, groups } = makeCommits();
    const added = [1, 2, 3].map((entry) => commits.add(entry));
    await Promise.all(added);
    expect(groups).toEqual([{ entries: [1, 2, 3], at: performance.now() }]);
  });

  it(`let nothing wait for longer than ${LIMIT_MS} ms, however steadily more comes`, async () => {
    const { commits, groups } = makeCommits();
    const came: number[] = [];
    for (let entry = 0; entry < 200; entry++) {
      came.push(performance.now());
      void commits.add(entry);
      await vi.advanceTimersByTimeAsync(1);
    }
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    const waits = groups.flatMap(({ entries, at }) => entries.map((entry) => at - (came[entry] ?? 0)));
    expect(waits).toHaveLength(200);
    expect(Math.max(...waits)).toBeLessThanOrEqual(LIMIT_MS);
    expect(groups.length, 'and write them together').toBeLessThanOrEqual(100 + 1); // the first at once
  });

  it('let nothing wait for longer than that after a slow one either', async () => {
    const { commits, groups } = makeCommits({ takesMs: 500 });
    void commits.add(1);
    await vi.advanceTimersByTimeAsync(1);
    void commits.add(2);
    await vi.advanceTimersByTimeAsync(499 + 500 + LIMIT_MS);
    expect(groups.map(({ entries }) => entries)).toEqual([[1], [2]]);
  });

  it('wait for nobody when one of them is urgent, and leave no timer behind', async () => {
    const { commits, groups } = makeCommits();
    await commits.add(1);
    void commits.add(2);
    await vi.advanceTimersByTimeAsync(1);
    await commits.add(3, true);
    expect(groups.map(({ entries }) => entries)).toEqual([[1], [2, 3]]);
    expect(groups[1]?.at).toBe(performance.now());
    expect(vi.getTimerCount()).toBe(0);
  });

  it('wait for nobody either when the store is closed', async () => {
    const { commits, groups } = makeCommits();
    await commits.add(1);
    void commits.add(2);
    await commits.drained();
    expect(groups.map(({ entries }) => entries)).toEqual([[1], [2]]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
