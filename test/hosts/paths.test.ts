import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isWithin, resolveInside } from '../../src/hosts/paths.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

/** A root beside a place that is none of its business. */
function makeRoot() {
  const directory = testDirectory('paths');
  const [root, outside] = [subdirectory(directory, 'root'), subdirectory(directory, 'outside')];
  writeFileSync(join(outside, 'secret'), 'secret');
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'sub', 'file'), 'inside');
  const link = (target: string, name: string) => symlinkSync(target, join(root, name));
  return { root, outside, link };
}

describe('isWithin', () => {
  it.each([
    ['/a', '/a', true],
    ['/a', '/a/b', true],
    ['/', '/a', true],
    ['/a', '/a/..b', true],
    ['/a', '/a/b/../c', true],
    ['/a', '/ab', false],
    ['/a', '/', false],
    ['/a', '/b', false],
    ['/a', '/a/../b', false],
    ['/a/b', '/a', false],
  ])('of %s and %s is %s', (root, path, answer) => {
    expect(isWithin(root, path)).toBe(answer);
  });
});

describe('resolveInside, what it lets through', () => {
  it('a path relative to the root', async () => {
    const { root } = makeRoot();
    await expect(resolveInside(root, 'sub/file')).resolves.toBe(join(root, 'sub/file'));
  });

  it('an absolute path below the root', async () => {
    const { root } = makeRoot();
    await expect(resolveInside(root, join(root, 'sub/file'))).resolves.toBe(join(root, 'sub/file'));
  });

  it('the root itself', async () => {
    const { root } = makeRoot();
    await expect(resolveInside(root, '.')).resolves.toBe(root);
  });

  it('a path that comes back in', async () => {
    const { root } = makeRoot();
    await expect(resolveInside(root, 'sub/../sub/file')).resolves.toBe(join(root, 'sub/file'));
  });

  it('what does not exist yet, with directories that do not either', async () => {
    const { root } = makeRoot();
    await expect(resolveInside(root, 'new/deep/file')).resolves.toBe(join(root, 'new/deep/file'));
  });

  it('a link to something inside, as the place where it leads', async () => {
    const { root, link } = makeRoot();
    link('sub', 'link');
    await expect(resolveInside(root, 'link/file')).resolves.toBe(join(root, 'sub/file'));
  });

  it('a link to something inside that does not exist yet', async () => {
    const { root, link } = makeRoot();
    link('sub/new', 'link');
    await expect(resolveInside(root, 'link')).resolves.toBe(join(root, 'sub/new'));
  });

  it('a root that is reached by a link', async () => {
    const { root } = makeRoot();
    const alias = join(testDirectory(), 'alias');
    symlinkSync(root, alias);
    await expect(resolveInside(alias, 'sub/file')).resolves.toBe(join(root, 'sub/file'));
  });
});

describe('resolveInside, what it refuses', () => {
  const refusal = { code: 'path-refused', message: expect.stringContaining('is refused') };

  it.each(['..', '../outside/secret', 'sub/../../outside', '/etc/passwd', '/'])('%s', async (path) => {
    const { root } = makeRoot();
    await expect(resolveInside(root, path)).rejects.toMatchObject(refusal);
  });

  it('a neighbour whose name begins as that of the root does', async () => {
    const { root } = makeRoot();
    mkdirSync(`${root}-2`);
    await expect(resolveInside(root, '../root-2')).rejects.toMatchObject(refusal);
  });

  it.each([
    ['a directory outside', '../outside', 'link/secret'],
    ['a file outside', '../outside/secret', 'link'],
    ['what does not exist yet outside', '../outside/new', 'link'],
    ['a directory that does not exist yet outside', '../outside/new', 'link/file'],
    ['the root of the machine', '/', 'link/etc/passwd'],
    ['itself', 'link', 'link'],
    ['itself, on the way', 'link', 'link/file'],
  ])('a link to %s', async (_, target, path) => {
    const { root, link } = makeRoot();
    link(target, 'link');
    await expect(resolveInside(root, path)).rejects.toMatchObject(refusal);
  });

  it('a chain of links of which the last leads out', async () => {
    const { root, link } = makeRoot();
    link('two', 'one');
    link('three', 'two');
    link('../outside/new', 'three');
    await expect(resolveInside(root, 'one')).rejects.toMatchObject(refusal);
  });

  it.each([
    ['below a file', 'sub/file/below'],
    ['with a name that no file system takes', 'x'.repeat(300)],
    ['with a zero byte', 'sub/file\0.txt'],
  ])('a path %s', async (_, path) => {
    const { root } = makeRoot();
    await expect(resolveInside(root, path)).rejects.toMatchObject(refusal);
  });
});
