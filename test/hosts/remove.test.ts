import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { startFake } from '../support/fakes.ts';
import { makePipe } from '../support/pipes.ts';
import { asPlainUser, skipFor, whyNoOtherUser, whyNoPlainUser } from '../support/privileges.ts';

/** A directory to remove beside one that has to stay, with a file in each. */
function makeDoomed() {
  const directory = testDirectory('remove');
  const [doomed, outside] = [subdirectory(directory, 'doomed'), subdirectory(directory, 'outside')];
  const canary = join(outside, 'canary');
  writeFileSync(join(doomed, 'file'), '');
  writeFileSync(canary, 'alive');
  return { directory, doomed, outside, canary };
}

describe('removeDirectory', () => {
  it('removes a directory with all it holds', async () => {
    const { doomed } = makeDoomed();
    mkdirSync(join(doomed, 'empty'));
    writeFileSync(join(subdirectory(doomed, 'a/b/c'), 'file'), '');
    await removeDirectory(doomed);
    expect(existsSync(doomed)).toBe(false);
  });

  it('takes a relative path', async () => {
    const { doomed } = makeDoomed();
    await removeDirectory(`${relative(process.cwd(), doomed)}/`);
    expect(existsSync(doomed)).toBe(false);
  });

  it('removes trees deeper than any path can say', async () => {
    const { doomed } = makeDoomed();
    const digDown = 'for (let i = 0; i < 100; i++) { fs.mkdirSync("d".repeat(80)); process.chdir("d".repeat(80)); }';
    execFileSync(process.execPath, ['-e', digDown], { cwd: doomed });
    await removeDirectory(doomed);
    expect(existsSync(doomed)).toBe(false);
  });

  it('removes names that are no text', async () => {
    const { doomed } = makeDoomed();
    const name = Buffer.from([0x61, 0xff, 0xfe, 0x0a]);
    const path = Buffer.concat([Buffer.from(`${doomed}/`), name]);
    mkdirSync(path);
    writeFileSync(Buffer.concat([path, Buffer.from('/'), name]), '');
    await removeDirectory(doomed);
    expect(existsSync(doomed)).toBe(false);
  });

  it('removes a pipe without opening it', async () => {
    const { doomed } = makeDoomed();
    makePipe(join(doomed, 'pipe'));
    await removeDirectory(doomed);
    expect(existsSync(doomed)).toBe(false);
  });

  it('has nothing to do where nothing is', async () => {
    const directory = testDirectory();
    await removeDirectory(join(directory, 'gone'));
    await removeDirectory(join(directory, 'gone/deeper'));
    expect(readdirSync(directory)).toEqual([]);
  });

  it('does not mind others that remove the same', async () => {
    const { doomed } = makeDoomed();
    for (let number = 0; number < 50; number++) writeFileSync(join(subdirectory(doomed, `d${number}`), 'f'), '');
    await Promise.all([removeDirectory(doomed), removeDirectory(doomed), removeDirectory(doomed)]);
    expect(existsSync(doomed)).toBe(false);
  });

  it('refuses a file', async () => {
    const { canary } = makeDoomed();
    await expect(removeDirectory(canary)).rejects.toMatchObject({ code: 'path-refused' });
    expect(existsSync(canary)).toBe(true);
  });
});

describe('removeDirectory and links', () => {
  it('removes links, and nothing that lies behind them', async () => {
    const { doomed, outside, canary } = makeDoomed();
    symlinkSync(outside, join(doomed, 'directory'));
    symlinkSync(canary, join(doomed, 'file-link'));
    symlinkSync('/nowhere', join(doomed, 'dangling'));
    symlinkSync('.', join(doomed, 'loop'));
    await removeDirectory(doomed);
    expect(existsSync(doomed)).toBe(false);
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  it.each(['', '/'])('refuses a link to a directory, written with «%s» at its end', async (end) => {
    const { directory, outside, canary } = makeDoomed();
    symlinkSync(outside, join(directory, 'link'));
    await expect(removeDirectory(`${join(directory, 'link')}${end}`)).rejects.toMatchObject({ code: 'path-refused' });
    expect(existsSync(canary)).toBe(true);
  });

  it('removes one of two hard links to a file', async () => {
    const { doomed, canary } = makeDoomed();
    execFileSync('ln', [canary, join(doomed, 'hard')]);
    await removeDirectory(doomed);
    expect([readFileSync(canary, 'utf8'), statSync(canary).nlink]).toEqual(['alive', 1]);
  });

  it('removes nothing outside while somebody puts links in the place of directories', async () => {
    const { doomed, outside } = makeDoomed();
    const canaries = Array.from({ length: 50 }, (_, number) => join(outside, `canary-${number}`));
    for (const canary of canaries) writeFileSync(canary, 'alive');
    await startFake('swaps-directory-for-link.ts', { args: [join(doomed, 'sub'), outside] });
    for (let round = 0; round < 300; round++) {
      await removeDirectory(doomed).catch(() => {}); // it may fail, as long as it harms nobody
      mkdirSync(doomed, { recursive: true });
    }
    expect(canaries.filter((canary) => !existsSync(canary))).toEqual([]);
  });
});

describe('removeDirectory, for a user to whom permissions mean something', () => {
  const remove = async (owned: string, path: string) =>
    JSON.parse(await asPlainUser(owned, 'removes-directory.ts', path)) as { message?: string };

  it.for(['000', '100', '200', '400', '500', '555'])(
    'removes directories that are locked with mode %s',
    async (mode, { skip }) => {
      skipFor(whyNoPlainUser, skip);
      const { directory, doomed } = makeDoomed();
      writeFileSync(join(subdirectory(doomed, 'locked/deeper'), 'file'), '');
      chmodSync(directory, 0o755);
      for (const path of ['locked/deeper', 'locked', '']) chmodSync(join(doomed, path), mode);
      expect(await remove(directory, doomed)).toEqual({});
      expect(existsSync(doomed)).toBe(false);
    },
  );

  it('names what it cannot remove, and removes no more than it may', async ({ skip }) => {
    skipFor(whyNoOtherUser, skip);
    const { directory, doomed } = makeDoomed();
    chmodSync(directory, 0o755);
    const told = await remove(subdirectory(directory, 'own'), doomed);
    expect(told.message).toContain(`${join(doomed, 'file')} cannot be removed: EACCES`);
    expect(existsSync(join(doomed, 'file'))).toBe(true);
  });
});
