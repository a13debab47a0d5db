import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { planMasks, removeMasks } from '../../src/session/masks.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

const host = new LocalHost();

/** An empty file that nobody may write, as Codex leaves one. */
function leaveMask(path: string): void {
  writeFileSync(path, '', { mode: 0o444 });
  chmodSync(path, 0o444);
}

describe('planMasks', () => {
  it('denies what is there as it is, and of what is missing the outermost directory, once', async () => {
    const home = testDirectory('masks');
    const there = subdirectory(home, 'there');
    const paths = ['there', 'missing', 'a/b/c', 'a/d', 'there/e'].map((name) => join(home, name));
    const missing = ['missing', 'a', 'there/e'].map((name) => join(home, name));
    expect(await planMasks(host, paths)).toEqual({ denied: [there, ...missing], missing });
    expect(await planMasks(host, [])).toEqual({ denied: [], missing: [] });
  });

  it('takes a mask for nothing, also above a denied path, but not a path that somebody names', async () => {
    const home = testDirectory('masks');
    const [mask, config, named] = ['mask', 'config', 'named'].map((name) => join(home, name));
    for (const path of [mask, config, named]) leaveMask(path ?? '');
    const plan = await planMasks(host, [mask ?? '', `${config}/nested`, named ?? ''], [named ?? '']);
    expect(plan).toEqual({ denied: [mask, config, named], missing: [mask, config] });
  });

  it('takes for a mask neither a file with words in it, nor one that may be written, nor a directory or a link', async () => {
    const home = testDirectory('masks');
    writeFileSync(join(home, 'words'), 'words', { mode: 0o444 });
    writeFileSync(join(home, 'writable'), '', { mode: 0o644 });
    mkdirSync(join(home, 'directory'), { mode: 0o444 });
    leaveMask(join(home, 'mask'));
    symlinkSync('mask', join(home, 'link'));
    const paths = ['words', 'writable', 'directory', 'link'].map((name) => join(home, name));
    expect((await planMasks(host, paths)).missing).toEqual([]);
    await removeMasks(host, [...paths, join(home, 'mask'), join(home, 'nowhere')]);
    expect(readdirSync(home).sort()).toEqual(['directory', 'link', 'words', 'writable']);
  });
});

describe('removeMasks', () => {
  it('looks at nothing but what was missing, and does not mind what still is', async () => {
    const home = testDirectory('masks');
    leaveMask(join(home, 'left'));
    leaveMask(join(home, 'other'));
    await removeMasks(host, []);
    await removeMasks(host, [join(home, 'left'), join(home, 'nowhere')]);
    expect([existsSync(join(home, 'left')), existsSync(join(home, 'other'))]).toEqual([false, true]);
  });
});
