import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readInside } from '../../src/hosts/paths.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { startFake } from '../support/fakes.ts';
import { makePipe } from '../support/pipes.ts';

const MAX = 1_000;

/** A root beside a place that is none of its business, each with a file `sub/file`. */
function makeRoot() {
  const directory = testDirectory('paths');
  const [root, outside] = [subdirectory(directory, 'root'), subdirectory(directory, 'outside')];
  for (const [place, content] of [
    [root, 'inside'],
    [outside, 'secret'],
  ] as const) {
    writeFileSync(join(subdirectory(place, 'sub'), 'file'), content);
  }
  const read = async (path: string, maxBytes = MAX) => (await readInside(root, path, { maxBytes }))?.toString();
  return { root, outside, read };
}

describe('readInside', () => {
  it('reads a file of any depth', async () => {
    const { root, read } = makeRoot();
    writeFileSync(join(subdirectory(root, 'a/b/c'), 'd'), 'deep');
    await expect(read('sub/file')).resolves.toBe('inside');
    await expect(read('a/b/c/d')).resolves.toBe('deep');
  });

  it('takes an absolute path below the root', async () => {
    const { root, read } = makeRoot();
    await expect(read(join(root, 'sub/file'))).resolves.toBe('inside');
  });

  it('reads the beginning only of a file that is too long', async () => {
    const { read } = makeRoot();
    await expect(read('sub/file', 3)).resolves.toBe('ins');
  });

  it('reads an empty file', async () => {
    const { root, read } = makeRoot();
    writeFileSync(join(root, 'empty'), '');
    await expect(read('empty')).resolves.toBe('');
  });

  it.each(['..', '../outside/sub/file', '/etc/passwd', '.', '', 'sub/file\0'])(
    'refuses the path «%s»',
    async (path) => {
      await expect(makeRoot().read(path)).rejects.toMatchObject({ code: 'path-refused' });
    },
  );

  it.each([
    ['where nothing is', 'nothing'],
    ['where not even the directory is', 'nothing/file'],
    ['below a file', 'sub/file/below'],
    ['in a directory', 'sub'],
    ['under a name that no file system takes', 'x'.repeat(300)],
  ])('finds nothing %s', async (_, path) => {
    await expect(makeRoot().read(path)).resolves.toBeUndefined();
  });

  it.each([
    ['the last step, and leads out', '../outside/sub/file', 'link'],
    ['the last step, and stays inside', 'sub/file', 'link'],
    ['a step on the way, and leads out', '../outside/sub', 'link/file'],
    ['a step on the way, and stays inside', 'sub', 'link/file'],
    ['a step early on the way', '../outside', 'link/sub/file'],
    ['a link to itself', 'link', 'link'],
  ])('does not follow a link that is %s', async (_, target, path) => {
    const { root, read } = makeRoot();
    symlinkSync(target, join(root, 'link'));
    await expect(read(path)).resolves.toBeUndefined();
  });

  it('reads nothing below a root that a link has taken the place of', async () => {
    const { root, outside } = makeRoot();
    symlinkSync(outside, `${root}-2`);
    await expect(readInside(`${root}-2`, 'sub/file', { maxBytes: MAX })).resolves.toBeUndefined();
  });

  it('reads the end of a file that is larger than asked for', async () => {
    const { root } = makeRoot();
    const end = async (maxBytes: number) => (await readInside(root, 'sub/file', { maxBytes, part: 'end' }))?.toString();
    expect([await end(3), await end(MAX)]).toEqual(['ide', 'inside']);
  });

  it('does not wait for a pipe', async () => {
    const { root, read } = makeRoot();
    makePipe(join(root, 'pipe'));
    await expect(read('pipe')).resolves.toBeUndefined();
  });

  it('reads no device', async () => {
    await expect(readInside('/dev', 'zero', { maxBytes: MAX })).resolves.toBeUndefined();
  });

  it('leaves no file open', async () => {
    const { root, read } = makeRoot();
    mkdirSync(join(root, 'directory'));
    const countOpen = () => Number(execFileSync('sh', ['-c', `ls /proc/${process.pid}/fd | wc -l`]).toString());
    const before = countOpen();
    for (const path of ['sub/file', 'directory', 'nothing', 'sub/file/below']) {
      await Promise.all(Array.from({ length: 20 }, () => read(path)));
    }
    expect(countOpen()).toBeLessThan(before + 20);
  });

  it('reads nothing outside while somebody puts links in the place of directories', async () => {
    const { root, outside, read } = makeRoot();
    await startFake('swaps-directory-for-link.ts', { args: [join(root, 'sub'), join(outside, 'sub')] });
    const seen = new Set<string | undefined>();
    for (let round = 0; round < 3_000 || seen.size < 2; round++) seen.add(await read('sub/file'));
    // Both were there to be seen: the directory, and a link or nothing in its place.
    expect(seen).toEqual(new Set(['inside', undefined]));
  });
});
