import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareWithStart } from '../../src/changes/comparison.ts';
import { readStart, writeStart } from '../../src/changes/start.ts';
import type { CommandOptions, RunResult } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { makeDirectory, testDirectory } from '../support/directories.ts';
import { writeInto } from '../support/repository.ts';
import { startIn } from '../support/started.ts';

/** Applies a diff with the real git to a copy of what was there. */
function applyTo(directory: string, diff: string): void {
  execFileSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: directory, input: diff, stdio: 'pipe' });
}

/** Every file by its path, with its content and whether it can be executed. */
function contentOf(root: string): Record<string, string> {
  const names = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const entries = names.map((entry) => {
    const path = join(entry.parentPath, entry.name);
    return [path.slice(root.length + 1), readFileSync(path, 'latin1')] as const;
  });
  return Object.fromEntries(entries.sort());
}

/** The same, without those that are only named. */
function textsOf(root: string, isNamed: (path: string) => boolean): Record<string, string> {
  return Object.fromEntries(Object.entries(contentOf(root)).filter(([path]) => !isNamed(path)));
}

function binary(text: string): string {
  return `\0${text}`;
}

describe('compareWithStart', () => {
  it('tells of each file how it has changed, and how many lines', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'src/changed.ts', 'one\ntwo\nthree\n');
    writeInto(root, 'gone.txt', 'a\nb\n');
    writeInto(root, 'moved.txt', 'to be moved\n');
    writeInto(root, 'run.sh', 'echo\n');
    writeInto(root, 'same.txt', 'same\n');
    const { compare } = await startIn(root);
    writeInto(root, 'src/changed.ts', 'one\n2\nthree\nfour\n');
    writeInto(root, 'src/new.ts', 'new\n');
    rmSync(join(root, 'gone.txt'));
    renameSync(join(root, 'moved.txt'), join(root, 'src/moved.txt'));
    chmodSync(join(root, 'run.sh'), 0o755);
    const { files, isPartial, note } = await compare();
    expect(files.map(({ change }) => change)).toEqual([
      { path: 'gone.txt', change: 'deleted', added: 0, removed: 2, mode: modes('100644'), without: null },
      { path: 'run.sh', change: 'modified', added: 0, removed: 0, mode: modes('100644', '100755'), without: null },
      { path: 'src/changed.ts', change: 'modified', added: 2, removed: 1, without: null },
      { path: 'src/moved.txt', change: 'renamed', from: 'moved.txt', added: 0, removed: 0, without: null },
      { path: 'src/new.ts', change: 'added', added: 1, removed: 0, mode: modes('100644'), without: null },
    ]);
    expect([isPartial, note]).toEqual([false, null]);
  });

  it('leaves out what was only touched, or written again as it was', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'a.txt', 'a\n');
    const { compare } = await startIn(root);
    rmSync(join(root, 'a.txt'));
    writeInto(root, 'a.txt', 'a\n');
    expect((await compare()).files).toEqual([]);
  });

  it('names what is no text, and what is too large, and says which it is', async () => {
    const root = testDirectory('workspace');
    writeInto(root, 'image.png', 'a\0b');
    writeInto(root, 'large.txt', 'a\n'.repeat(600_000));
    writeInto(root, 'grows.txt', 'small\n');
    const { compare, diff } = await startIn(root);
    writeInto(root, 'image.png', 'a\0c');
    writeInto(root, 'large.txt', 'b\n'.repeat(600_000));
    writeInto(root, 'grows.txt', 'a\n'.repeat(600_000));
    const told = (await compare()).files.map(({ change: { path, without, added } }) => [path, without, added]);
    expect(told).toEqual([
      ['grows.txt', 'too-large', null],
      ['image.png', 'binary', null],
      ['large.txt', 'too-large', null],
    ]);
    expect(await diff()).toContain('# image.png modified: binary\n');
  });

  it('writes what git applies: to the start it gives the end', async () => {
    const line = fc.constantFrom(
      '',
      'a',
      'b',
      '+c',
      '-d',
      ' e',
      '\\ f',
      '@@ -1 +1 @@',
      'diff --git a/0 b/0',
      'ü\t',
      '--- a',
      'x\r',
    );
    const text = fc
      .array(line, { maxLength: 30 })
      .chain((lines) => fc.boolean().map((isEnded) => lines.join('\n') + (isEnded && lines.length > 0 ? '\n' : '')));
    const name = fc.constantFrom('a', 'b c', 'd/e', 'tab\there', 'quo"te', 'back\\slash', 'line\nbreak', 'Ü', 'd/f g');
    const content = fc.oneof({ arbitrary: text, weight: 4 }, { arbitrary: text.map(binary), weight: 1 });
    const tree = fc.dictionary(name, content, { maxKeys: 6, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(tree, tree, async (before, after) => {
        const root = makeDirectory('applied');
        try {
          const [workspace, copy] = [join(root, 'workspace'), join(root, 'copy')];
          writeInto(workspace, '.keep', '');
          for (const [path, content] of Object.entries(before)) writeInto(workspace, path, content);
          cpSync(workspace, copy, { recursive: true });
          const { diff } = await startIn(workspace);
          for (const path of Object.keys(before)) rmSync(join(workspace, path));
          for (const [path, content] of Object.entries(after)) writeInto(workspace, path, content);
          const written = await diff();
          if (written.includes('diff --git ')) applyTo(copy, written);
          // What is no text on one of the sides is only named, and stays as it was; one that only moved comes along.
          const isNamed = (path: string) => (before[path] ?? '').includes('\0') || (after[path] ?? '').includes('\0');
          expect(textsOf(copy, isNamed)).toEqual(textsOf(workspace, isNamed));
        } finally {
          rmSync(root, { recursive: true });
        }
      }),
      { numRuns: 40 },
    );
  });

  it('asks git only about what has changed since the last look', async () => {
    let asked = 0;
    class Counting extends LocalHost {
      override run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<RunResult> {
        asked++;
        return super.run(command, options);
      }
    }
    const root = testDirectory('workspace');
    const { compare } = await startIn(root, new Counting());
    writeInto(root, 'a.txt', 'a\n');
    const first = await compare();
    const second = await compare(first.known);
    expect([asked, second.files]).toEqual([1, first.files]);
    writeInto(root, 'b.txt', 'b\n');
    expect((await compare(second.known)).files.map(({ change }) => change.path)).toEqual(['a.txt', 'b.txt']);
    expect(asked).toBe(2);
  });

  it('only names files where there is no git, and says what to do', async () => {
    class WithoutGit extends LocalHost {
      override run(command: readonly [string, ...string[]], options: CommandOptions = {}): Promise<RunResult> {
        return super.run(command.map((word) => (word === 'git' ? 'no-such-git' : word)) as [string], options);
      }
    }
    const root = testDirectory('workspace');
    const { compare, diff } = await startIn(root, new WithoutGit());
    writeInto(root, 'a.txt', 'a\n');
    const { files, note, known } = await compare();
    expect(files.map(({ change }) => [change.path, change.without, change.added])).toEqual([['a.txt', 'no-git', null]]);
    expect(note).toContain('Check that git is installed');
    expect(known.size).toBe(0);
    expect(await diff()).toBe('# a.txt added: not compared: git is missing\n');
  });

  it('goes on with the next files where some cannot be compared, and looks at those again', async () => {
    let hasFailed = false;
    class FullOnce extends LocalHost {
      override async writeFile(...args: Parameters<LocalHost['writeFile']>): Promise<void> {
        // Those of the first batch, of which only this one has the last of them.
        if (!hasFailed && args[0].endsWith('/b/499')) {
          hasFailed = true;
          throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
        }
        return super.writeFile(...args);
      }
    }
    const root = testDirectory('workspace');
    const { compare } = await startIn(root, new FullOnce());
    for (let at = 1_000; at < 1_501; at++) writeInto(root, `${at}.txt`, `${at}\n`);
    const { files, note, known } = await compare();
    const reasons = files.map(({ change }) => change.without);
    expect([reasons.slice(0, 500), reasons[500]]).toEqual([Array(500).fill('failed'), null]);
    expect(note).toContain('ENOSPC');
    expect(note).not.toContain('git is installed');
    const next = await compare(known);
    expect([next.files.filter(({ change }) => change.without !== null), next.note]).toEqual([[], null]);
  });

  it('comes to more at the next look where there was too much for one', async () => {
    const root = testDirectory('workspace');
    for (let at = 10; at < 30; at++) writeInto(root, `${at}.txt`, `${'a'.repeat(1_000)}\n`.repeat(1_000));
    const { compare } = await startIn(root);
    for (let at = 10; at < 30; at++) rmSync(join(root, `${at}.txt`));
    const first = await compare();
    expect(first.files.filter(({ change }) => change.without === 'too-many').length).toBeGreaterThan(0);
    const second = await compare(first.known);
    expect(second.files.filter(({ change }) => change.without !== null)).toEqual([]);
  });

  it('only names files of a start that an older version has written down', async () => {
    const [root, run] = [testDirectory('workspace'), testDirectory('run')];
    const host = new LocalHost();
    writeFileSync(
      join(run, 'before.json'),
      JSON.stringify({ files: [['a', '1:1:1:1']], isPartial: false, absent: [] }),
    );
    writeInto(root, 'a', 'a');
    const { start } = (await readStart(host, run)) ?? {};
    if (!start) throw new Error('it was not read');
    const { files, note } = await compareWithStart({ host, workspace: root, start, scratch: join(run, 'scratch') });
    expect(files.map(({ change }) => change)).toEqual([
      { path: 'a', change: 'modified', added: null, removed: null, without: 'not-kept' },
    ]);
    expect(note).toContain('was not kept');
  });

  it('compares with a start that was read again from the disk', async () => {
    const [root, run] = [testDirectory('workspace'), testDirectory('run')];
    const host = new LocalHost();
    writeInto(root, 'a.txt', 'a\n');
    writeInto(root, 'b.bin', '\0');
    const kept = await startIn(root);
    cpSync(join(kept.scratch, '..'), run, { recursive: true });
    await writeStart(host, run, kept.start, ['.git']);
    const read = await readStart(host, run);
    if (!read) throw new Error('it was not read');
    expect(read.absent).toEqual(['.git']);
    writeInto(root, 'a.txt', 'b\n');
    const scratch = join(run, 'scratch');
    const { files } = await compareWithStart({ host, workspace: root, start: read.start, scratch });
    expect(files.map(({ hunks }) => hunks)).toEqual(['@@ -1 +1 @@\n-a\n+b\n']);
    expect(readdirSync(scratch)).toEqual([]);
  });
});

function modes(before: string, after = before) {
  return { before, after };
}
