import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { whenFree } from '../../src/compose/when-free.ts';
import { OptioError } from '../../src/errors.ts';
import { testDirectory } from '../support/directories.ts';

const BUSY = new OptioError('data-directory-busy', 'it is in use');

/** A data directory of which this stands in its note, and what was tried in it. */
function begin(holder?: { readonly pid: number; readonly isServer?: boolean }) {
  const dataDir = testDirectory();
  const file = join(dataDir, 'holder.json');
  if (holder) writeFileSync(file, JSON.stringify({ since: new Date().toISOString(), ...holder }));
  const tries = { count: 0 };
  const failing = (times: number, error: Error) => async () => {
    if (tries.count++ < times) throw error;
    return 'begun';
  };
  return { dataDir, file, tries, failing };
}

describe('whenFree', () => {
  it.each([
    ['a server has it', { pid: process.pid, isServer: true }],
    ['whoever had it has ended', { pid: 2 ** 22 + 1, isServer: false }],
    ['nobody has noted anything yet', undefined],
  ])('tries again while the directory is in use, and %s', async (_what, holder) => {
    const { dataDir, tries, failing } = begin(holder);
    expect(await whenFree(dataDir, failing(2, BUSY))).toBe('begun');
    expect(tries.count).toBe(3);
  });

  it.each([{ pid: process.pid, isServer: false }, { pid: process.pid }])('gives up at once on %o', async (holder) => {
    const { dataDir, tries, failing } = begin(holder);
    await expect(whenFree(dataDir, failing(1, BUSY))).rejects.toBe(BUSY);
    expect(tries.count).toBe(1);
  });

  it('gives up at once on whatever else goes wrong', async () => {
    const { dataDir, file, tries, failing } = begin({ pid: process.pid, isServer: true });
    const other = new OptioError('invalid-config', 'no');
    await expect(whenFree(dataDir, failing(1, other))).rejects.toBe(other);
    rmSync(file);
    expect(tries.count).toBe(1);
  });
});
