import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListedFile } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';
import { writeInto } from '../support/repository.ts';

const SECRET = 'the secret of somebody else\n';
const BOUNDS = { maxFileBytes: 1_000, maxBytes: 10_000, deadlineMs: 60_000 };

async function listed(host: LocalHost, root: string): Promise<ReadonlyMap<string, ListedFile>> {
  return (await host.listFiles(root, { skip: [], limit: 100 })).files;
}

describe('LocalHost.collectFiles', () => {
  it('stops where there is too much of all, and leaves out what is too large', async () => {
    const [root, host] = [testDirectory('workspace'), new LocalHost()];
    for (let index = 10; index < 30; index++) writeInto(root, `${index}.txt`, 'x'.repeat(900));
    writeInto(root, 'large.txt', 'x'.repeat(1_001));
    const into = join(testDirectory('into'), 'content');
    const found = await host.collectFiles(root, await listed(host, root), into, BOUNDS);
    expect(found.get('large.txt')).toBe('too-large');
    expect([...found.values()].filter((place) => typeof place === 'object')).toHaveLength(11);
    expect(statSync(into).size).toBe(9_900);
  });

  it('stops when it takes too long', async () => {
    const [root, host] = [testDirectory('workspace'), new LocalHost()];
    writeInto(root, 'a.txt', 'a');
    const into = join(testDirectory('into'), 'content');
    const found = await host.collectFiles(root, await listed(host, root), into, { ...BOUNDS, deadlineMs: -1 });
    expect([...found]).toEqual([['a.txt', 'not-read']]);
  });

  it('writes over nothing', async () => {
    const [root, host] = [testDirectory('workspace'), new LocalHost()];
    const into = join(testDirectory('into'), 'content');
    writeFileSync(into, 'there');
    await expect(host.collectFiles(root, new Map(), into, BOUNDS)).rejects.toThrow('EEXIST');
  });

  it('reads what was told it, whoever tells it of a way out', async () => {
    const [root, host, outside] = [testDirectory('workspace'), new LocalHost(), testDirectory('outside')];
    writeInto(outside, 'secret.txt', SECRET);
    const way = `../${outside.split('/').pop()}/secret.txt`;
    expect(readFileSync(join(root, way), 'utf8')).toBe(SECRET);
    const into = join(testDirectory('into'), 'content');
    const file = { fingerprint: '', mode: 0o100644, size: SECRET.length };
    expect([...(await host.collectFiles(root, new Map([[way, file]]), into, BOUNDS)).values()]).toEqual(['not-read']);
    expect(readFileSync(into, 'utf8')).toBe('');
  });
});
