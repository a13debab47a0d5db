import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

const host = new LocalHost();
const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('move', () => {
  it('renames a directory with all it holds', async () => {
    const directory = testDirectory();
    writeFileSync(join(subdirectory(directory, 'from'), 'file'), 'text');
    await expect(host.move(join(directory, 'from'), join(directory, 'to'))).resolves.toBe(true);
    expect(readFileSync(join(directory, 'to', 'file'), 'utf8')).toBe('text');
    expect(existsSync(join(directory, 'from'))).toBe(false);
  });

  const THINGS = {
    'a file': (path: string) => writeFileSync(path, 'old'),
    'an empty directory': (path: string) => mkdirSync(path),
    'a full directory': (path: string) => writeFileSync(join(subdirectory(path), 'file'), 'old'),
    'a dangling link': (path: string) => symlinkSync('nowhere', path),
  };
  const pairs = Object.keys(THINGS).flatMap((from) => Object.keys(THINGS).map((to) => [from, to] as const));

  it.each(pairs as [keyof typeof THINGS, keyof typeof THINGS][])(
    'does not put %s in the place of %s',
    async (from, to) => {
      const directory = testDirectory();
      THINGS[from](join(directory, 'from'));
      THINGS[to](join(directory, 'to'));
      const look = () => execFileSync('ls', ['-lARi', directory]).toString();
      const before = look();
      await expect(host.move(join(directory, 'from'), join(directory, 'to'))).resolves.toBe(false);
      expect(look()).toBe(before);
    },
  );

  it('throws when there is nothing to move', async () => {
    const directory = testDirectory();
    await expect(host.move(join(directory, 'from'), join(directory, 'to'))).rejects.toThrow('ENOENT');
  });
});

describe('copyDirectory', () => {
  it('copies files with their content and mode, at all depths', async () => {
    const directory = testDirectory();
    const [from, to] = [subdirectory(directory, 'from'), subdirectory(directory, 'to')];
    writeFileSync(join(subdirectory(from, 'a/b'), 'tool'), '#!/bin/sh\n');
    chmodSync(join(from, 'a/b/tool'), 0o755);
    mkdirSync(join(from, 'empty'));
    await host.copyDirectory(from, to);
    expect(readFileSync(join(to, 'a/b/tool'), 'utf8')).toBe('#!/bin/sh\n');
    expect(modeOf(join(to, 'a/b/tool'))).toBe(0o755);
    expect(readdirSync(to)).toEqual(['a', 'empty']);
  });

  it('copies links as they are, wherever they lead', async () => {
    const directory = testDirectory();
    const [from, to] = [subdirectory(directory, 'from'), subdirectory(directory, 'to')];
    const targets = ['file', '../outside', '/nowhere'];
    for (const [index, target] of targets.entries()) symlinkSync(target, join(from, `link-${index}`));
    await host.copyDirectory(from, to);
    expect(targets.map((_, index) => readlinkSync(join(to, `link-${index}`)))).toEqual(targets);
  });

  it('makes copies that do not change with what they were made of', async () => {
    const directory = testDirectory();
    const [from, to] = [subdirectory(directory, 'from'), subdirectory(directory, 'to')];
    writeFileSync(join(from, 'file'), 'old');
    await host.copyDirectory(from, to);
    writeFileSync(join(from, 'file'), 'new');
    expect(readFileSync(join(to, 'file'), 'utf8')).toBe('old');
  });
});

describe('makeDirectory', () => {
  it('makes private directories all the way down', async () => {
    const directory = testDirectory();
    await host.makeDirectory(join(directory, 'a/b'));
    expect([modeOf(join(directory, 'a')), modeOf(join(directory, 'a/b'))]).toEqual([0o700, 0o700]);
  });

  it('gives them the mode that it is told', async () => {
    const directory = join(testDirectory(), 'a');
    await host.makeDirectory(directory, { mode: 0o755 });
    expect(modeOf(directory)).toBe(0o755);
  });

  it('leaves one that is there as it is', async () => {
    const directory = join(testDirectory(), 'a');
    mkdirSync(directory, { mode: 0o750 });
    await host.makeDirectory(directory);
    expect(modeOf(directory)).toBe(0o750);
  });
});

describe('asking for a path', () => {
  it('tells whether something is there', async () => {
    const directory = testDirectory();
    await expect(host.exists(directory)).resolves.toBe(true);
    await expect(host.exists(join(directory, 'gone'))).resolves.toBe(false);
  });

  it('resolves its links, and gives nothing where nothing is', async () => {
    const directory = testDirectory();
    symlinkSync('.', join(directory, 'link'));
    await expect(host.realPath(join(directory, 'link'))).resolves.toBe(directory);
    await expect(host.realPath(join(directory, 'gone'))).resolves.toBeUndefined();
  });
});
