import { mkdirSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchDirectory } from '../../src/compose/lost-directory.ts';
import { testDirectory } from '../support/directories.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

function begin() {
  const dataDir = join(testDirectory('lost'), 'data');
  mkdirSync(dataDir);
  const onLost = vi.fn();
  return { dataDir, onLost, end: watchDirectory(dataDir, onLost) };
}

const LONG_MS = 60_000;

describe('watchDirectory', () => {
  it('tells once that the directory was removed', () => {
    const { dataDir, onLost } = begin();
    vi.advanceTimersByTime(LONG_MS);
    expect(onLost).not.toHaveBeenCalled();
    rmdirSync(dataDir);
    vi.advanceTimersByTime(LONG_MS);
    expect(onLost.mock.calls).toEqual([[expect.objectContaining({ code: 'store-failed' })]]);
  });

  it('tells that another one is in its place', () => {
    const { dataDir, onLost } = begin();
    renameSync(dataDir, `${dataDir}-old`);
    mkdirSync(dataDir);
    vi.advanceTimersByTime(LONG_MS);
    expect(onLost).toHaveBeenCalledOnce();
  });

  it('says nothing of what changes within it, nor once it was called off', () => {
    const { dataDir, onLost, end } = begin();
    writeFileSync(join(dataDir, 'file'), 'text');
    vi.advanceTimersByTime(LONG_MS);
    end();
    renameSync(dataDir, `${dataDir}-old`);
    vi.advanceTimersByTime(LONG_MS);
    expect(onLost).not.toHaveBeenCalled();
  });
});
