import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkLimits } from '../../src/engine/limits.ts';
import { Optio } from '../../src/optio.ts';
import { testDirectory } from '../support/directories.ts';

describe('limits', () => {
  it('may be left out, and be 0', () => {
    for (const limits of [undefined, {}, { total: 0 }, { total: 3, perHost: 2, byTag: { team: 1, other: 0 } }]) {
      expect(() => checkLimits(limits)).not.toThrow();
    }
  });

  it.each<[field: string, limits: object]>([
    ['limits.total', { total: Number.NaN }],
    ['limits.total', { total: -1 }],
    ['limits.total', { total: 1.5 }],
    ['limits.total', { total: '2' }],
    ['limits.perHost', { perHost: -1 }],
    ['limits.byTag.team', { byTag: { team: Number.NaN } }],
    ['limits', { perTag: { team: 1 } }],
  ])('that make no sense are refused at %s, and nothing is opened: %j', async (field, limits) => {
    const dataDir = join(testDirectory('limits'), 'data');
    const opened = Optio.open({ dataDir, limits });
    await opened.then((optio) => optio.close()).catch(() => {});
    await expect(opened).rejects.toMatchObject({ code: 'invalid-config', details: { field } });
    expect(existsSync(dataDir)).toBe(false);
  });
});
