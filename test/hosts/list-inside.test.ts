import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dateOf, listInside } from '../../src/hosts/list-inside.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { startFake } from '../support/fakes.ts';
import { makePipe } from '../support/pipes.ts';

const LIMIT = 100;

/** A root beside a place that is none of its business. */
function makeRoot() {
  const directory = testDirectory('list');
  const [root, outside] = [subdirectory(directory, 'root'), subdirectory(directory, 'outside')];
  writeFileSync(join(subdirectory(root, 'sub'), 'file'), 'inside');
  writeFileSync(join(subdirectory(outside, 'sub'), 'secret'), 'secret');
  const names = async (path: string, limit = LIMIT) =>
    (await listInside(root, path, limit))?.entries.map(({ name }) => name);
  return { root, outside, names };
}

describe('listInside', () => {
  it('tells of each thing what it is, how large, and since when, by their names', async () => {
    const { root } = makeRoot();
    writeFileSync(join(root, 'b'), '12345');
    symlinkSync('/etc/passwd', join(root, 'c'));
    makePipe(join(root, 'a'));
    const at = new Date('2026-11-26T10:00:00.000Z');
    utimesSync(join(root, 'b'), at, at);
    expect(await listInside(root, '', LIMIT)).toMatchObject({
      isPartial: false,
      entries: [
        { name: 'a', kind: 'other', size: 0 },
        { name: 'b', kind: 'file', size: 5, modifiedAt: at },
        { name: 'c', kind: 'link', size: 0 },
        { name: 'sub', kind: 'directory', size: 0 },
      ],
    });
  });

  it('lists what lies deeper, by a path from the root on or an absolute one', async () => {
    const { root, names } = makeRoot();
    for (const path of ['sub', './sub/', join(root, 'sub'), 'sub/../sub']) expect(await names(path)).toEqual(['file']);
  });

  it('lists as many as asked for, and says that there are more', async () => {
    const { root } = makeRoot();
    for (const name of ['a', 'b', 'c']) writeFileSync(join(root, 'sub', name), '');
    const partial = await listInside(root, 'sub', 3);
    expect([partial?.entries.length, partial?.isPartial]).toEqual([3, true]);
    const whole = await listInside(root, 'sub', 4);
    expect([whole?.entries.length, whole?.isPartial]).toEqual([4, false]);
  });

  it('takes a time that is no date for the furthest that is one', () => {
    expect([1e17, -1e17, 0].map((ms) => dateOf(ms).toISOString())).toEqual([
      '+275760-09-13T00:00:00.000Z',
      '-271821-04-20T00:00:00.000Z',
      '1970-01-01T00:00:00.000Z',
    ]);
  });

  it('goes through a directory that may be gone through, and not read', async () => {
    const { root, names } = makeRoot();
    chmodSync(root, 0o711);
    expect(await names('sub')).toEqual(['file']);
  });

  it.each(['..', '../outside', '/etc', 'sub\0'])('refuses the path «%s»', async (path) => {
    await expect(makeRoot().names(path)).rejects.toMatchObject({ code: 'path-refused' });
  });

  it.each(['nothing', 'sub/file', 'sub/file/below', 'x'.repeat(300)])('finds no directory at %s', async (path) => {
    expect(await makeRoot().names(path)).toBeUndefined();
  });

  it.each([
    ['../outside', 'link'],
    ['sub', 'link'],
    ['../outside', 'link/sub'],
    ['.', 'link/sub'],
  ])('goes through no link to %s, on the way to %s', async (target, path) => {
    const { root, names } = makeRoot();
    symlinkSync(target, join(root, 'link'));
    expect(await names(path)).toBeUndefined();
  });

  it('lists nothing of a root that a link has taken the place of', async () => {
    const { root, outside } = makeRoot();
    symlinkSync(outside, `${root}-2`);
    expect(await listInside(`${root}-2`, 'sub', LIMIT)).toBeUndefined();
  });

  it('leaves nothing open', async () => {
    const { root, names } = makeRoot();
    mkdirSync(join(root, 'empty'));
    const countOpen = () => Number(execFileSync('sh', ['-c', `ls /proc/${process.pid}/fd | wc -l`]).toString());
    const before = countOpen();
    for (const path of ['', 'sub', 'empty', 'nothing', 'sub/file']) {
      await Promise.all(Array.from({ length: 20 }, () => names(path, 1)));
    }
    expect(countOpen()).toBeLessThan(before + 20);
  });

  it('lists nothing outside while somebody puts links in the place of directories', async () => {
    const { root, outside, names } = makeRoot();
    await startFake('swaps-directory-for-link.ts', { args: [join(root, 'sub'), join(outside, 'sub')] });
    const seen = new Set<string>();
    for (let round = 0; round < 2_000 || !(seen.has('file') && seen.has('undefined')); round++) {
      seen.add(String(await names('sub')));
    }
    seen.delete(''); // it may be looked at before its file is there
    expect(seen).toEqual(new Set(['file', 'undefined']));
  });
});
