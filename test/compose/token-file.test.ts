import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeToken, ownToken, readToken, tokenFileOf, tokenReader } from '../../src/compose/token-file.ts';
import { testDirectory } from '../support/directories.ts';

describe('the token of a data directory', () => {
  it('is made once, for its owner alone, and leaves nothing else behind', async () => {
    const dataDir = testDirectory();
    const token = await makeToken(dataDir);
    expect(token).toMatch(/^oc_[\w-]{43}$/);
    expect(await makeToken(dataDir)).toBe(token);
    expect(await ownToken(dataDir)).toBe(token);
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

  it('is told to be missing where it is, and none can be made', async () => {
    const dataDir = join(testDirectory(), 'none');
    await expect(ownToken(dataDir)).rejects.toMatchObject({
      code: 'unauthorized',
      message: expect.stringContaining(`the token in ${dataDir}/token cannot be read: ENOENT`),
      details: { remedy: expect.stringContaining('OPTIO_CODEX_TOKEN') },
    });
  });

  it('is for a server what stands in its file just then', async () => {
    const dataDir = testDirectory();
    const read = tokenReader(dataDir);
    expect(read()).toBeUndefined();
    const first = await ownToken(dataDir);
    expect([read(), read()]).toEqual([first, first]);
    rmSync(tokenFileOf(dataDir));
    expect(read()).toBeUndefined();
    const second = await ownToken(dataDir);
    expect(second).not.toBe(first);
    expect(read()).toBe(second);
    writeFileSync(tokenFileOf(dataDir), 'too short');
    expect(read()).toBeUndefined();
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
