import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completeDirectory } from '../../src/server/directories.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

function place() {
  const root = testDirectory('complete');
  for (const name of ['project', 'projects', 'other', '.hidden']) subdirectory(root, name);
  subdirectory(root, 'project', 'src');
  const dataDir = subdirectory(root, 'data');
  subdirectory(dataDir, 'runs');
  writeFileSync(join(root, 'pro.txt'), '');
  symlinkSync(join(root, 'project'), join(root, 'pro-link'));
  const complete = async (path: string) =>
    (await completeDirectory(`${root}/${path}`, dataDir)).map((found) => found.slice(root.length + 1));
  return { root, dataDir, complete };
}

describe('completing a directory', () => {
  it('tells of directories that begin so, and of nothing else', async () => {
    const { complete } = place();
    expect(await complete('pro')).toEqual(['project', 'projects']);
    expect(await complete('project/')).toEqual(['project/src']);
    expect(await complete('project/../oth')).toEqual(['other']);
    expect(await complete('gone/')).toEqual([]);
    expect(await complete('pro.txt/')).toEqual([]);
  });

  it('tells of those that begin with a dot only where that was typed', async () => {
    const { complete } = place();
    expect(await complete('')).toEqual(['data', 'other', 'project', 'projects']);
    expect(await complete('.')).toEqual([]); // it is the directory itself
    expect(await complete('.h')).toEqual(['.hidden']);
  });

  it('does not look into our own data, by no way', async () => {
    const { root, dataDir, complete } = place();
    symlinkSync(dataDir, join(root, 'way'));
    expect(await complete('data/')).toEqual([]);
    expect(await complete('way/')).toEqual([]);
    expect(await complete('project/../data/runs/')).toEqual([]);
    expect(await completeDirectory(`${root}/way/`, join(root, 'elsewhere'))).toEqual([join(root, 'way', 'runs')]);
  });

  it('knows no path that begins nowhere', async () => {
    expect(await completeDirectory('pro', '/data')).toEqual([]);
    expect(await completeDirectory('', '/data')).toEqual([]);
  });

  it('tells of a hundred at most', async () => {
    const root = testDirectory('many');
    for (let at = 0; at < 120; at++) subdirectory(root, `d${at}`);
    expect(await completeDirectory(`${root}/d`, '/data')).toHaveLength(100);
  });
});
