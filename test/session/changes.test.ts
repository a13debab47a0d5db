import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ListOptions } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { WorkspaceWatch } from '../../src/session/changes.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { writeInto } from '../support/repository.ts';

async function watch(root: string): Promise<WorkspaceWatch> {
  const watched = new WorkspaceWatch({ host: new LocalHost(), path: root, directory: testDirectory('run') });
  await watched.ready();
  return watched;
}

describe('WorkspaceWatch.changes', () => {
  it('tells nothing of what stayed as it was', async () => {
    const root = testDirectory();
    writeInto(root, 'a.txt', 'a');
    await expect((await watch(root)).changes()).resolves.toMatchObject({ changes: [], isPartial: false });
  });

  it('tells what was added, modified and deleted, by path', async () => {
    const root = testDirectory();
    for (const name of ['deleted.txt', 'modified.txt', 'same.txt', 'sub/z.txt']) writeInto(root, name, 'before');
    const watched = await watch(root);
    rmSync(join(root, 'deleted.txt'));
    writeInto(root, 'modified.txt', 'after');
    writeInto(root, 'sub/added.txt', 'new');
    expect((await watched.changes()).changes).toEqual([
      { path: 'deleted.txt', change: 'deleted' },
      { path: 'modified.txt', change: 'modified' },
      { path: 'sub/added.txt', change: 'added' },
    ]);
  });

  it('notices a change of the same size whose time was set back', async () => {
    const root = testDirectory();
    writeInto(root, 'a.txt', 'one');
    const time = new Date('2026-01-01');
    utimesSync(join(root, 'a.txt'), time, time);
    const watched = await watch(root);
    writeInto(root, 'a.txt', 'two');
    utimesSync(join(root, 'a.txt'), time, time);
    expect((await watched.changes()).changes).toEqual([{ path: 'a.txt', change: 'modified' }]);
  });

  it('takes a link for a file, and does not look behind it', async () => {
    const root = testDirectory();
    const outside = testDirectory('outside');
    const watched = await watch(root);
    symlinkSync(outside, join(root, 'link'));
    writeInto(outside, 'hidden.txt', 'hidden');
    expect((await watched.changes()).changes).toEqual([{ path: 'link', change: 'added' }]);
  });

  it.each(['.git', 'node_modules', '.venv', '__pycache__'])('does not look into %s, at any depth', async (name) => {
    const root = testDirectory();
    const watched = await watch(root);
    writeInto(root, `${name}/a`, 'a');
    writeInto(root, `deep/${name}/a`, 'a');
    expect((await watched.changes()).changes).toEqual([]);
  });

  it('says when there are more files than it compares', async () => {
    const root = testDirectory();
    for (const name of ['a', 'b', 'c']) writeInto(root, name, name);
    class Small extends LocalHost {
      override listFiles(path: string, options: ListOptions) {
        return super.listFiles(path, { ...options, limit: 2 });
      }
    }
    const watched = new WorkspaceWatch({ host: new Small(), path: root, directory: testDirectory('run') });
    await watched.ready();
    // Which two of them are looked at is nobody's to know: nothing is said of the others.
    for (const name of ['a', 'b', 'c']) renameSync(join(root, name), join(root, `${name}2`));
    await expect(watched.changes()).resolves.toMatchObject({ changes: [], isPartial: true });
  });
});

describe('WorkspaceWatch.removeLeftovers', () => {
  const names = ['.agents', '.codex', '.git', '.aws'];

  it('removes the empty directories that were not there before', async () => {
    const root = testDirectory();
    const watched = await watch(root);
    for (const name of names) mkdirSync(join(root, name));
    await watched.removeLeftovers();
    expect(readdirSync(root)).toEqual([]);
  });

  it('leaves those that were there before', async () => {
    const root = testDirectory();
    for (const name of names) mkdirSync(join(root, name));
    const watched = await watch(root);
    await watched.removeLeftovers();
    expect(readdirSync(root).toSorted()).toEqual(names.toSorted());
  });

  it('leaves those that hold something, and removes the others', async () => {
    const root = testDirectory();
    const watched = await watch(root);
    writeInto(root, '.codex/config.toml', 'kept');
    mkdirSync(join(root, '.git'));
    mkdirSync(join(root, 'empty'));
    await watched.removeLeftovers();
    expect(readdirSync(root).toSorted()).toEqual(['.codex', 'empty']);
  });

  it('leaves a file or a link of the same name', async () => {
    const root = testDirectory();
    const elsewhere = subdirectory(testDirectory('elsewhere'), 'empty');
    const watched = await watch(root);
    symlinkSync(elsewhere, join(root, '.aws'));
    writeFileSync(join(root, '.git'), 'gitdir: elsewhere');
    await watched.removeLeftovers();
    expect(readdirSync(root).toSorted()).toEqual(['.aws', '.git']);
    expect(existsSync(elsewhere)).toBe(true);
  });
});
