import { execFileSync } from 'node:child_process';
import { linkSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { testDirectory } from '../support/directories.ts';
import { makePipe } from '../support/pipes.ts';
import { makeCanary, makeRepository, writeInto } from '../support/repository.ts';
import { startIn } from '../support/started.ts';

const SECRET = 'the secret of somebody else\n';

function secretOutside(): string {
  const outside = testDirectory('outside');
  writeInto(outside, 'secret.txt', SECRET);
  return outside;
}

/** A host on which somebody acts after a workspace was listed and before its files are read. */
function overtaken(act: () => void): LocalHost {
  return new (class extends LocalHost {
    override async collectFiles(...args: Parameters<LocalHost['collectFiles']>) {
      act();
      return super.collectFiles(...args);
    }
  })();
}

/** Everything that a run keeps of a workspace. */
function kept(directory: string): string {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('');
}

describe('the start of a hostile workspace', () => {
  it('holds nothing of what a link leads to', async () => {
    const [root, outside] = [testDirectory('workspace'), secretOutside()];
    symlinkSync(join(outside, 'secret.txt'), join(root, 'link'));
    symlinkSync(outside, join(root, 'directory'));
    const { scratch, compare } = await startIn(root);
    expect(readFileSync(join(root, 'link'), 'utf8')).toBe(SECRET); // whoever opens it by its name has it
    expect(kept(join(scratch, '..'))).not.toContain(SECRET);
    rmSync(join(root, 'link'));
    expect((await compare()).files.map(({ change }) => [change.path, change.without])).toEqual([['link', 'no-file']]);
  });

  it('holds nothing of a link that is put in the place of a file that was listed', async () => {
    const [root, outside] = [testDirectory('workspace'), secretOutside()];
    writeInto(root, 'a.txt', SECRET.replace(/./g, 'x'));
    const host = overtaken(() => {
      rmSync(join(root, 'a.txt'));
      symlinkSync(join(outside, 'secret.txt'), join(root, 'a.txt'));
    });
    const { scratch } = await startIn(root, host);
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe(SECRET);
    expect(kept(join(scratch, '..'))).not.toContain(SECRET);
  });

  it('holds nothing of a link that is put in the place of a directory that was listed', async () => {
    const [root, outside] = [testDirectory('workspace'), secretOutside()];
    writeInto(root, 'sub/secret.txt', SECRET.replace(/./g, 'x'));
    const host = overtaken(() => {
      renameSync(join(root, 'sub'), join(root, 'aside'));
      symlinkSync(outside, join(root, 'sub'));
    });
    const { scratch } = await startIn(root, host);
    expect(readFileSync(join(root, 'sub/secret.txt'), 'utf8')).toBe(SECRET);
    expect(kept(join(scratch, '..'))).not.toContain(SECRET);
  });

  it('holds nothing when the workspace itself is a link by then', async () => {
    const [around, outside] = [testDirectory('around'), secretOutside()];
    const root = join(around, 'workspace');
    writeInto(root, 'secret.txt', SECRET.replace(/./g, 'x'));
    const host = overtaken(() => {
      renameSync(root, join(around, 'aside'));
      symlinkSync(outside, root);
    });
    const { scratch } = await startIn(root, host);
    expect(readFileSync(join(root, 'secret.txt'), 'utf8')).toBe(SECRET);
    expect(kept(join(scratch, '..'))).not.toContain(SECRET);
  });

  it('does not wait for whoever writes to a pipe, nor for one in the place of a file', async () => {
    const root = testDirectory('workspace');
    makePipe(join(root, 'pipe'));
    writeInto(root, 'a.txt', 'a');
    const host = overtaken(() => {
      rmSync(join(root, 'a.txt'));
      makePipe(join(root, 'a.txt'));
    });
    const { start, compare } = await startIn(root, host);
    expect([start.files.get('pipe')?.content, start.files.get('a.txt')?.content]).toEqual(['not-read', 'not-read']);
    expect((await compare()).files.map(({ change }) => [change.path, change.without])).toEqual([['a.txt', 'no-file']]);
  });

  it('is a copy: what is written in place does not change it, nor what is written over a second name', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'a.txt', 'before\n');
    linkSync(join(root, 'a.txt'), join(root, 'b.txt'));
    const { diff } = await startIn(root);
    writeFileSync(join(root, 'a.txt'), 'after\n', { flag: 'r+' });
    expect(await diff()).toContain('-before\n+after');
  });

  it('takes a file that changes while it is read for one that is not kept', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'log.txt', 'a\n');
    const host = overtaken(() => writeFileSync(join(root, 'log.txt'), 'b\n', { flag: 'a' }));
    expect((await startIn(root, host)).start.files.get('log.txt')?.content).toBe('not-read');
  });

  it('goes through names of all kinds', async () => {
    const root = testDirectory('workspace');
    const names = [
      'line\nbreak',
      'tab\t',
      '-rf',
      '--output=x',
      ' ',
      '"',
      '\u202Egnp',
      '{a => b}',
      'x'.repeat(255),
      ':(top)y',
    ];
    for (const name of names) writeInto(root, name, 'before\n');
    // Such a name is no text, and is left out: here and wherever else files are named.
    execFileSync('sh', ['-c', 'printf x > "$1/$(printf \'latin\\351\')"', 'sh', root]);
    const { compare } = await startIn(root);
    for (const name of names) writeInto(root, name, 'after\n');
    const { files } = await compare();
    expect(files.map(({ change }) => [change.path, change.added]).sort()).toEqual(
      names.map((name) => [name, 1]).sort(),
    );
  });

  it('goes down no further than it can hold open, and does not fail for it', async () => {
    const root = testDirectory('workspace');
    const deep = Array.from({ length: 150 }, () => 'd').join('/');
    writeInto(root, `${deep}/a.txt`, 'a');
    writeInto(root, 'b.txt', 'b');
    const { start } = await startIn(root);
    expect(start.files.get(`${deep}/a.txt`)?.content).toBe('not-read');
    expect(start.files.get('b.txt')?.content).toEqual({ at: 0, bytes: 1 });
  });
});

describe('the diff of a hostile repository', () => {
  it('runs no program that its configuration and attributes name, and is not changed by them', async () => {
    const repository = makeRepository();
    const { program, hasSung } = makeCanary(repository.around);
    const { root } = repository;
    for (const key of [
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'filter.evil.clean',
      'core.fsmonitor',
    ])
      repository.git('config', key, program);
    repository.git('config', 'core.attributesFile', join(root, '.gitattributes'));
    writeInto(root, '.gitattributes', '* diff=evil filter=evil\n*.txt binary\n');
    writeInto(root, 'a.txt', 'before\n');
    const { diff } = await startIn(root, repository.host);
    writeInto(root, 'a.txt', 'after\n');
    expect(await diff()).toContain('@@ -1 +1 @@\n-before\n+after\n');
    expect(hasSung()).toBe(false);
    try {
      repository.git('diff'); // which shows that they would
    } catch {
      // What sings need not say what git expects.
    }
    expect(hasSung()).toBe(true);
  });

  it('runs no program that the configuration of the user or of the machine names', async () => {
    const repository = makeRepository();
    const { program, hasSung } = makeCanary(repository.around);
    writeInto(repository.around, 'home/.gitconfig', `[diff]\n  external = ${program}\n[core]\n  pager = ${program}\n`);
    writeInto(repository.root, 'a.txt', 'before\n');
    const { diff } = await startIn(repository.root, repository.host);
    writeInto(repository.root, 'a.txt', 'after\n');
    expect(await diff()).toContain('-before\n+after\n');
    expect(hasSung()).toBe(false);
    const host = repository.host;
    await host.run(['git', 'diff', '--no-index', '/dev/null', 'a.txt'], { cwd: repository.root, anyExitCode: true });
    expect(hasSung()).toBe(true);
  });

  it('looks into no repository, be it in the workspace or one of its own in there', async () => {
    const repository = makeRepository();
    writeInto(repository.root, 'inner/a.txt', 'before\n');
    execFileSync('git', ['init', '--quiet', 'inner'], { cwd: repository.root });
    const { compare } = await startIn(repository.root, repository.host);
    writeInto(repository.root, 'inner/a.txt', 'after\n');
    writeInto(repository.root, 'inner/.git/config', 'changed\n');
    expect((await compare()).files.map(({ change }) => change.path)).toEqual(['inner/a.txt']);
  });

  it('cannot be told to be another by what a file says', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'a.txt', 'a\n');
    writeInto(root, 'b.txt', 'b\n');
    const { compare } = await startIn(root);
    const forged =
      '\rdiff --git a/1 b/1\r@@ -1 +1 @@\n\u2028diff --git a/1 b/1\u2028@@ -1 +1 @@\ndiff --git a/1 b/1\n@@ -1 +1 @@\n-x\n';
    writeInto(root, 'a.txt', forged);
    writeInto(root, 'b.txt', 'c\n');
    const { files } = await compare();
    expect(files.map(({ change: { added, removed } }) => [added, removed])).toEqual([
      [5, 1],
      [1, 1],
    ]);
    expect(files[1]?.hunks).toBe('@@ -1 +1 @@\n-b\n+c\n');
  });
});
