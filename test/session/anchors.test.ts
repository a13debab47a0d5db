import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { type AnchorOptions, findAnchors } from '../../src/session/anchors.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

/** The anchors in a directory that commands may write, where these directories are; all paths relative to it. */
async function find(directories: readonly string[], listed: Partial<Omit<AnchorOptions, 'host'>>): Promise<string[]> {
  const root = testDirectory('anchors');
  for (const directory of directories) subdirectory(root, directory);
  return findIn(root, listed);
}

async function findIn(root: string, listed: Partial<Omit<AnchorOptions, 'host'>>): Promise<string[]> {
  const within = (paths: readonly string[] = []) => paths.map((path) => join(root, path));
  const { denied, writable = [''], readable } = listed;
  const options = { denied: within(denied), writable: within(writable), readable: within(readable) };
  const anchors = await findAnchors({ host: new LocalHost(), ...options });
  return anchors.map((path) => path.slice(root.length + 1));
}

describe('findAnchors', () => {
  it('gives each directory between one that may be written and what is denied in it', async () => {
    expect(await find(['a/b', 'c/d'], { denied: ['a/b/secret', 'a/b/other', 'top'] })).toEqual(['a', 'a/b']);
    expect(await find(['a/b'], { denied: ['a/b/secret'], writable: [] })).toEqual([]);
  });

  it('gives those above another directory that is listed, whatever it allows', async () => {
    expect(await find(['a/b/c'], { writable: ['', 'a/b'], denied: ['a/b/c/secret'] })).toEqual(['a', 'a/b/c']);
    expect(await find(['a/b/c'], { readable: ['a/b'] })).toEqual(['a']);
  });

  it('gives none where commands may only read, nor where Codex lets them', async () => {
    expect(await find(['a/b'], { readable: ['a'], denied: ['a/b/secret'] })).toEqual([]);
    expect(await find(['.git/hooks'], { denied: ['.git/hooks/secret'] })).toEqual([]);
    const open = { readable: ['a'], writable: ['', 'a/b'], denied: ['a/b/c/secret'] };
    expect(await find(['a/b/c'], open)).toEqual(['a/b/c']);
  });

  it('gives what Codex would close in an anchor, unless it is listed', async () => {
    const inside = ['a/.git', 'a/.aws', 'a/.codex', 'a/.agents', 'a/b/.git'];
    const listed = { denied: ['a/b/secret', 'a/.aws'], readable: ['a/.codex'] };
    expect(await find(inside, listed)).toEqual(['a', 'a/.git', 'a/.agents', 'a/b', 'a/b/.git']);
  });

  it('gives nothing that is not there, and no link, which would open what it leads to', async () => {
    const root = testDirectory('links');
    subdirectory(root, 'a');
    symlinkSync('/var', join(root, 'a', '.git'));
    expect(await findIn(root, { denied: ['a/gone/secret'] })).toEqual(['a']);
  });
});
