import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeToken, readOwnToken, readToken, tokenFileOf } from '../../src/compose/token-file.ts';
import { testDirectory } from '../support/directories.ts';

describe('the token of a data directory', () => {
  it('is made once, for its owner alone, and leaves nothing else behind', async () => {
    const dataDir = testDirectory();
    const token = await makeToken(dataDir);
    expect(token).toMatch(/^oc_[\w-]{43}$/);
    expect(await makeToken(dataDir)).toBe(token);
    expect(readOwnToken(dataDir)).toBe(token);
    expect(readdirSync(dataDir)).toEqual(['token']);
    expect(statSync(tokenFileOf(dataDir)).mode & 0o777).toBe(0o600);
    expect(await makeToken(testDirectory())).not.toBe(token);
  });

  it('is the same for all that make it at once', async () => {
    const dataDir = testDirectory();
    const tokens = await Promise.all(Array.from({ length: 8 }, () => makeToken(dataDir)));
    expect(new Set(tokens)).toEqual(new Set([readFileSync(tokenFileOf(dataDir), 'utf8').trim()]));
  });

  it('is taken away from others who may read it', async () => {
    const dataDir = testDirectory();
    const token = await makeToken(dataDir);
    chmodSync(tokenFileOf(dataDir), 0o644);
    expect(await makeToken(dataDir)).toBe(token);
    expect(statSync(tokenFileOf(dataDir)).mode & 0o777).toBe(0o600);
  });

  it('is told to be missing where it is', () => {
    const dataDir = testDirectory();
    expect(() => readOwnToken(dataDir)).toThrow(
      expect.objectContaining({
        code: 'unauthorized',
        message: expect.stringContaining(`the token in ${dataDir}/token cannot be read: ENOENT`),
        details: { remedy: expect.stringContaining('OPTIO_CODEX_TOKEN') },
      }),
    );
  });

  it.each([
    ['empty', ''],
    ['short', 'abc'],
    ['two lines', 'oc_0123456789abcdef\noc_0123456789abcdef'],
  ])('is none when what stands there is %s', async (_what, text) => {
    const dataDir = testDirectory();
    const path = join(dataDir, 'token');
    writeFileSync(path, text, { mode: 0o600 });
    const refused = { code: 'unauthorized', message: `${path} does not hold a token` };
    expect(() => readToken(path)).toThrow(expect.objectContaining(refused));
    await expect(makeToken(dataDir)).rejects.toMatchObject(refused);
  });
});
