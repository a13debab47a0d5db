import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fromUnknown } from '../../src/errors.ts';
import { writeInside } from '../../src/hosts/write-inside.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { failureOf } from '../support/failure.ts';
import { startFake } from '../support/fakes.ts';
import { makePipe } from '../support/pipes.ts';

/** A root beside a place that is none of its business. */
function makeRoot() {
  const directory = testDirectory('write');
  const [root, outside] = [subdirectory(directory, 'root'), subdirectory(directory, 'outside')];
  subdirectory(root, 'sub');
  const write = (path: string, text = 'new') => writeInside(root, path, Buffer.from(text));
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  return { root, outside, write, read };
}

describe('writeInside', () => {
  it('puts a file there that everybody may read and nobody execute, whatever our mask', async () => {
    const { root, write, read } = makeRoot();
    const mask = process.umask(0o077);
    onTestFinished(() => void process.umask(mask));
    await write('sub/file');
    expect(read('sub/file')).toBe('new');
    expect(statSync(join(root, 'sub/file')).mode & 0o7777).toBe(0o644);
  });

  it('makes the directories on the way', async () => {
    const { root, write, read } = makeRoot();
    await write('a/b/c.txt');
    await write(join(root, 'a/b/d.txt'));
    expect([read('a/b/c.txt'), read('a/b/d.txt')]).toEqual(['new', 'new']);
  });

  it('takes the place of a file, also of one that could be executed, and leaves nothing else', async () => {
    const { root, write, read } = makeRoot();
    writeFileSync(join(root, 'sub/run'), 'old');
    chmodSync(join(root, 'sub/run'), 0o755);
    await write('sub/run', '');
    expect(read('sub/run')).toBe('');
    expect(statSync(join(root, 'sub/run')).mode & 0o111).toBe(0);
    expect(readdirSync(join(root, 'sub'))).toEqual(['run']);
  });

  it.each([
    ...['..', '../outside/file', '/etc/file', '', '.', 'sub', 'sub/', 'sub/new/', 'sub\0', 'x'.repeat(300)],
    ...['.git', '.git/config', '.GIT/hooks/pre-commit', 'sub/.git/config', 'sub/../.git/config'],
  ])('refuses the path «%s»', async (path) => {
    const { root, outside, write } = makeRoot();
    mkdirSync(join(root, '.git'));
    expect(await failureOf(write(path))).toMatchObject({ code: 'path-refused' });
    expect([readdirSync(join(root, '.git')), readdirSync(join(root, 'sub')), readdirSync(outside)]).toEqual([
      [],
      [],
      [],
    ]);
  });

  it.each([
    ['a link that leads out', 'link', '../outside/file'],
    ['a link that leads out, on the way', 'link/file', '../outside'],
    ['a link that stays inside', 'link', 'sub/file'],
    ['a link that stays inside, on the way', 'link/file', 'sub'],
    ['a link to nothing, on the way', 'link/file', '../outside/new'],
  ])('does not write through %s', async (_, path, target) => {
    const { root, outside, write } = makeRoot();
    symlinkSync(target, join(root, 'link'));
    expect(await failureOf(write(path))).toMatchObject({ code: 'path-refused' });
    expect([readdirSync(join(root, 'sub')), readdirSync(outside)]).toEqual([[], []]);
  });

  it('refuses to go through a file, and to take the place of a pipe', async () => {
    const { root, write } = makeRoot();
    writeFileSync(join(root, 'file'), 'old');
    makePipe(join(root, 'pipe'));
    expect(await failureOf(write('file/below'))).toMatchObject({ code: 'path-refused' });
    expect(await failureOf(write('pipe'))).toMatchObject({ code: 'path-refused' });
  });

  it('makes no root, and writes into none that a link has taken the place of', async () => {
    const { root, outside } = makeRoot();
    symlinkSync(outside, `${root}-link`);
    for (const gone of [`${root}-gone`, `${root}-link`]) {
      expect(await failureOf(writeInside(gone, 'file', Buffer.from('new')))).toMatchObject({ code: 'not-found' });
    }
    expect([existsSync(`${root}-gone`), readdirSync(outside)]).toEqual([false, []]);
  });

  it('leaves nothing open, and nothing half written', async () => {
    const { root, write } = makeRoot();
    mkdirSync(join(root, 'directory'));
    const countOpen = () => Number(execFileSync('sh', ['-c', `ls /proc/${process.pid}/fd | wc -l`]).toString());
    const before = countOpen();
    for (const path of ['sub/file', 'directory', '.git/x', 'new/file']) {
      await Promise.allSettled(Array.from({ length: 20 }, () => write(path)));
    }
    await expect(writeInside(root, 'sub/half', 7 as never)).rejects.toThrow();
    expect(countOpen()).toBeLessThan(before + 20);
    expect([readdirSync(join(root, 'sub')), readdirSync(join(root, 'new'))]).toEqual([['file'], ['file']]);
  });

  it('writes nothing outside while somebody puts links in the place of directories', async () => {
    const { root, outside, write } = makeRoot();
    await startFake('swaps-directory-for-link.ts', { args: [join(root, 'sub'), outside] });
    const seen = new Set<string>();
    for (let round = 0; round < 1_000 || seen.size < 2; round++) {
      seen.add(
        await write(`sub/new-${round % 10}`).then(
          () => 'written',
          (error) => fromUnknown(error).code,
        ),
      );
    }
    expect(readdirSync(outside)).toEqual([]);
    expect(seen).toEqual(new Set(['written', 'path-refused']));
  });
});
