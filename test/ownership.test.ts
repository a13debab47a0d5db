import { chmodSync, chownSync, existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodexBinary } from '../src/codex/binary.ts';
import type { Writer } from '../src/hosts/writable.ts';
import { checkOwnership } from '../src/ownership.ts';
import { subdirectory, testDirectory } from './support/directories.ts';

/** Who runs these tests, and so owns what they make. */
const ME: Writer = { uid: process.getuid?.() ?? -1, gids: [process.getgid?.() ?? -1] };
/** Nobody that is there: neither the owner of anything, nor in the group of it. */
const STRANGER: Writer = { uid: 4_000_000_001, gids: [4_000_000_001] };
const COLLEAGUE: Writer = { ...STRANGER, gids: [...STRANGER.gids, ...ME.gids] };
const CONTENT = { status: 'ok', detail: 'what codex executes is not yours to change' };

/** A package as that of codex, and data, each in a directory of its own, with these modes on the way. */
function layOut(modes: Readonly<Record<string, number>> = {}) {
  const root = testDirectory('ownership');
  const [packageDir, dataDir] = [
    subdirectory(root, 'opt', 'codex', 'vendor'),
    subdirectory(root, 'home', 'share', 'data'),
  ];
  subdirectory(packageDir, 'bin');
  for (const name of ['bin/codex', 'codex-resources/bwrap']) {
    subdirectory(packageDir, dirname(name));
    writeFileSync(join(packageDir, name), '');
  }
  const paths = ['', 'opt', 'opt/codex', 'opt/codex/vendor', 'home', 'home/share', 'home/share/data'];
  for (const path of paths) chmodSync(join(root, path), 0o755);
  for (const [path, mode] of Object.entries(modes)) chmodSync(join(root, path), mode);
  const check = (writer: Writer) => checkOwnership({ writer, packageDir, dataDir });
  return { root, packageDir, dataDir, check };
}

describe('who may write what codex executes', () => {
  it('is its owner, whatever the mode', async () => {
    const { root, packageDir, check } = layOut({ 'opt/codex/vendor/bin/codex': 0o500 });
    const binary = join(packageDir, 'bin', 'codex');
    // Root cannot be told from the owner of what is around it, so that then somebody else has to be the owner.
    const isRoot = ME.uid === 0;
    if (isRoot) chownSync(binary, STRANGER.uid, STRANGER.uid);
    expect(await check(isRoot ? STRANGER : ME)).toMatchObject({
      status: 'warning',
      detail: expect.stringContaining(
        `you may write ${isRoot ? `${binary}, which is part of` : `${root}, which holds`} codex`,
      ),
      remedy: expect.stringMatching(/^This matters only if you approve requests that are not confined/),
    });
    expect(await check({ uid: STRANGER.uid + 1, gids: [] })).toMatchObject(CONTENT);
  });

  // The first one from the root that may be written: everything below hangs on it.
  it.each([
    ['opt/codex/vendor/bin/codex', 'is part of codex'],
    ['opt/codex/vendor/codex-resources/bwrap', 'is part of codex'],
    ['opt/codex/vendor/codex-resources', 'is part of codex'],
    ['opt/codex/vendor', 'is part of codex'],
    ['opt/codex', 'holds codex'],
    ['opt', 'holds codex'],
    ['home/share', 'holds our data'],
    ['home', 'holds our data'],
  ])('is everybody, or a group, for whom the mode of %s says so', async (path, what) => {
    const warning = (root: string) => ({
      status: 'warning',
      detail: `a command that you approve could replace what codex executes: you may write ${join(root, path)}, which ${what}`,
    });
    const ofAll = layOut({ [path]: 0o707 });
    expect(await ofAll.check(STRANGER)).toMatchObject(warning(ofAll.root));
    // What the group may do counts for those in it, and not what others may.
    expect(await ofAll.check(COLLEAGUE)).toMatchObject(CONTENT);
    const ofGroup = layOut({ [path]: 0o770 });
    expect(await ofGroup.check(COLLEAGUE)).toMatchObject(warning(ofGroup.root));
    expect(await ofGroup.check(STRANGER)).toMatchObject(CONTENT);
  });

  it('names both places, and what to do about each', async () => {
    const { root, check } = layOut({ opt: 0o777, home: 0o777 });
    const { detail, remedy } = await check(STRANGER);
    expect(detail).toContain(`you may write ${root}/opt, which holds codex, and ${root}/home, which holds our data`);
    expect(remedy).toMatch(/such as root, own codex.*, and name a data directory .*OPTIO_CODEX_HOME/);
    const ofData = await layOut({ home: 0o777 }).check(STRANGER);
    expect(ofData.remedy).toContain('OPTIO_CODEX_HOME');
    expect(ofData.remedy).not.toContain('own codex');
  });

  it('names a place once that is both', async () => {
    const { root, check } = layOut({ '.': 0o777 });
    expect((await check(STRANGER)).detail).toMatch(
      new RegExp(`you may write ${root}, which holds codex and our data$`),
    );
  });

  it('is nobody else in a sticky directory, nor by the mode of a link or of the data directory itself', async () => {
    const { packageDir, check } = layOut({ opt: 0o1777, home: 0o1777, 'home/share/data': 0o777 });
    symlinkSync('bin/codex', join(packageDir, 'link'));
    expect(await check(STRANGER)).toMatchObject(CONTENT);
  });

  it('is told to root in its own words, and looked for above what is not there yet', async () => {
    const { root, packageDir } = layOut({ home: 0o777 });
    const dataDir = join(root, 'home', 'not', 'there', 'yet');
    const { detail, remedy } = await checkOwnership({ writer: { uid: 0, gids: [0] }, packageDir, dataDir });
    expect(detail).toContain('you are root, and may write /');
    expect(remedy).toContain('run optio-codex as an ordinary user');
    expect((await checkOwnership({ writer: STRANGER, packageDir, dataDir })).detail).toContain(
      `${root}/home, which holds our data`,
    );
  });

  it('is looked for in all that the real codex executes', () => {
    const { path, packageDir } = findCodexBinary();
    for (const program of [path, join(packageDir, 'codex-resources', 'bwrap')])
      expect(program.startsWith(`${packageDir}/`) && existsSync(program), program).toBe(true);
  });
});
