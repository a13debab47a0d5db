import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitAll } from '../../support/hostile-repository.ts';
import { makeRepository, writeInto } from '../../support/repository.ts';
import { BRANCH, createWorktree, RUN, startWorktree } from '../../support/worktree.ts';

const STATUS = ['status', '--porcelain'] as const;

describe('a worktree, to plain git', () => {
  it('is one like any other, without a change', async () => {
    const { worktree, git, root } = await startWorktree();
    expect(git('-C', worktree.path, ...STATUS)).toBe('');
    expect(git('-C', worktree.path, 'rev-parse', '--show-toplevel', '--abbrev-ref', 'HEAD')).toBe(
      `${worktree.path}\n${BRANCH}`,
    );
    expect(git('worktree', 'list', '--porcelain')).toContain(`worktree ${worktree.path}\n`);
    git('worktree', 'prune', '--expire=now');
    expect(git('fsck', '--strict')).toBe('');
    expect(git('-C', worktree.path, ...STATUS)).toBe('');
    await worktree.discard();
    expect(existsSync(join(root, '.git', 'worktrees'))).toBe(false);
  });

  it('can be of a repository that is a worktree itself, or whose branches are packed', async () => {
    const repository = makeRepository();
    const other = join(repository.around, 'other');
    repository.git('worktree', 'add', '--quiet', '-b', 'other', other);
    writeInto(other, 'other.txt', 'other');
    commitAll(repository, other);
    repository.git('pack-refs', '--all');
    const worktree = await createWorktree({ ...repository, root: other });
    repository.git('pack-refs', '--all');
    writeInto(worktree.path, 'new.txt', 'new');
    const { commit } = await worktree.finish('Do it', RUN);
    expect(repository.git('rev-parse', BRANCH, 'other')).toBe(
      `${commit}\n${repository.git('rev-parse', `${commit}^`)}`,
    );
    const second = await createWorktree({ ...repository, root: other }, 'run-2');
    repository.git('pack-refs', '--all');
    await second.discard();
    expect(repository.git('branch', '--list', 'optio-codex/run-2')).toBe('');
    expect(repository.git('fsck', '--strict')).toBe('');
  });

  it('can be of a repository with SHA-256 ids', async () => {
    const repository = makeRepository({ isEmpty: true });
    rmSync(join(repository.root, '.git'), { recursive: true });
    repository.git('init', '--quiet', '--object-format=sha256');
    repository.write('a.txt', 'a');
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    expect(repository.git('-C', worktree.path, ...STATUS)).toBe('');
    writeInto(worktree.path, 'new.txt', 'new');
    const { commit } = await worktree.finish('Do it', RUN);
    expect(commit).toMatch(/^\w{64}$/);
    expect(repository.git('show', `${BRANCH}:new.txt`)).toBe('new');
  });

  it('can be of a clone that has only the last commits, or borrows its objects', async () => {
    const repository = makeRepository();
    commitAll(repository, repository.root);
    for (const [index, flags] of [['--depth=1'], ['--shared'], ['--filter=blob:none']].entries()) {
      const clone = join(repository.around, `clone-${index}`);
      repository.git(
        '-c',
        'uploadpack.allowFilter=true',
        'clone',
        '--quiet',
        ...flags,
        `file://${repository.root}`,
        clone,
      );
      const worktree = await createWorktree({ ...repository, root: clone }, `run-${index}`);
      writeInto(worktree.path, 'new.txt', 'new');
      const { commit = '' } = await worktree.finish('Do it', `run-${index}`);
      expect(repository.git('-C', clone, 'show', `${commit}:new.txt`), flags.join()).toBe('new');
    }
  });

  it('can be of a repository whose index is in two files', async () => {
    const repository = makeRepository();
    repository.git('update-index', '--split-index');
    repository.write('README.md', 'changed');
    const worktree = await createWorktree(repository);
    expect(worktree.record.dirty).toBe(1);
    await expect(worktree.finish('Do it', RUN)).resolves.toEqual({});
  });

  it('has the part of the files that the repository has, and loses none of the others', async () => {
    const repository = makeRepository();
    repository.write('in/a.txt', 'a');
    repository.write('out/b.txt', 'b');
    commitAll(repository, repository.root);
    repository.git('config', 'core.sparseCheckout', 'true');
    writeFileSync(join(repository.root, '.git', 'info', 'sparse-checkout'), '/in/\n');
    const worktree = await createWorktree(repository);
    expect([existsSync(join(worktree.path, 'in')), existsSync(join(worktree.path, 'out'))]).toEqual([true, false]);
    expect(repository.git('-C', worktree.path, ...STATUS)).toBe('');
    writeInto(worktree.path, 'in/a.txt', 'A');
    await worktree.finish('Do it', RUN);
    expect(repository.git('diff', '--name-status', 'main', BRANCH)).toBe('M\tin/a.txt');
  });
});

describe('the commit of a worktree', () => {
  it('has executable files, links, and what took the place of something else', async () => {
    const repository = makeRepository();
    for (const name of ['tool.sh', 'was-file', 'was-directory/a.txt', 'was-linked/passwd', 'gone.txt']) {
      repository.write(name, name);
    }
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    const at = (name: string) => join(worktree.path, name);
    chmodSync(at('tool.sh'), 0o755);
    for (const name of ['was-file', 'was-directory', 'was-linked', 'gone.txt']) rmSync(at(name), { recursive: true });
    writeInto(worktree.path, 'was-file/inside.txt', 'inside');
    writeInto(worktree.path, 'was-directory', 'a file');
    symlinkSync('/etc', at('was-linked'));
    symlinkSync('nowhere', at('dangling'));
    const kept = await worktree.finish('Do it', RUN);
    expect(kept.keptBecause).toBeUndefined();
    expect(repository.git('ls-tree', '-r', '--format=%(objectmode) %(path)', BRANCH).split('\n')).toEqual([
      '100644 README.md',
      '120000 dangling',
      '100755 tool.sh',
      '100644 was-directory',
      '100644 was-file/inside.txt',
      '120000 was-linked',
    ]);
    expect(repository.git('show', `${BRANCH}:was-linked`)).toBe('/etc');
  });

  it('has the rest when git cannot take a file, which is told and keeps the directory', async () => {
    const repository = makeRepository();
    repository.write('näher/a.txt', 'a');
    repository.write('.gitignore', '/näher\n');
    repository.git('add', '--force', 'näher/a.txt');
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    rmSync(join(worktree.path, 'näher'), { recursive: true });
    writeInto(repository.around, 'elsewhere/a.txt', 'other');
    symlinkSync(join(repository.around, 'elsewhere'), join(worktree.path, 'näher')); // ignored, and so in nobody's way
    writeInto(worktree.path, 'new.txt', 'new');
    const { keptBecause } = await worktree.finish('Do it', RUN);
    expect(keptBecause).toContain('git did not take all of it ("n\\303\\244her/a.txt")');
    expect(repository.git('diff', '--name-status', 'main', BRANCH)).toBe('A\tnew.txt');
  });

  it('has files whatever they are called', async () => {
    const { worktree, git } = await startWorktree();
    const names = [
      '-x',
      'näher.txt',
      'two words',
      'a"quote',
      'back\\slash',
      'tab\there',
      'new\nline',
      ':(top)magic',
      '"',
    ];
    for (const name of names) writeInto(worktree.path, name, name);
    const bytes = Buffer.concat([Buffer.from(`${worktree.path}/`), Buffer.from([0x66, 0xff, 0xfe])]);
    writeFileSync(bytes, 'no UTF-8');
    expect((await worktree.finish('Do it', RUN)).keptBecause).toBeUndefined();
    const found = git('ls-tree', '-r', '-z', '--name-only', BRANCH)
      .split('\0')
      .filter((name) => name !== '');
    expect(found.sort()).toEqual([...names, 'README.md', 'f\ufffd\ufffd'].sort());
    expect(git('-c', 'core.quotePath=true', 'ls-tree', BRANCH)).toContain('"f\\377\\376"');
  });

  it('has the ends of lines that the repository and its attributes ask for', async () => {
    const repository = makeRepository();
    repository.git('config', 'core.autocrlf', 'true');
    repository.write('.gitattributes', '*.lf text eol=lf\n*.bin binary\n');
    repository.write('a.txt', 'a\r\n');
    repository.write('a.lf', 'a\n');
    repository.write('a.bin', 'a\r\n');
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    const read = (name: string) => readFileSync(join(worktree.path, name), 'utf8');
    expect([read('a.txt'), read('a.lf'), read('a.bin')]).toEqual(['a\r\n', 'a\n', 'a\r\n']);
    writeInto(worktree.path, 'b.txt', 'b\r\n');
    writeInto(worktree.path, 'b.bin', 'b\r\n');
    await worktree.finish('Do it', RUN);
    expect(repository.git('cat-file', '-s', `${BRANCH}:b.txt`)).toBe('2');
    expect(repository.git('cat-file', '-s', `${BRANCH}:b.bin`)).toBe('3');
    expect(repository.git('diff', '--name-status', 'main', BRANCH)).toBe('A\tb.bin\nA\tb.txt');
  });

  it('has what a filter of the user made of a file, which finds the store of the user’s repository', async () => {
    const repository = makeRepository();
    repository.git(
      'config',
      '--global',
      'filter.big.clean',
      'echo "stored in $(git config lfs.storage)"; cat >/dev/null',
    );
    repository.git(
      'config',
      '--global',
      'filter.big.smudge',
      'echo "big, from $(git config lfs.storage)"; cat >/dev/null',
    );
    repository.write('.gitattributes', '*.big filter=big\n');
    repository.write('a.big', 'a');
    commitAll(repository, repository.root);
    const store = join(repository.root, '.git', 'lfs');
    const worktree = await createWorktree(repository);
    expect(readFileSync(join(worktree.path, 'a.big'), 'utf8')).toBe(`big, from ${store}\n`);
    writeInto(worktree.path, 'b.big', 'b');
    await worktree.finish('Do it', RUN);
    expect(repository.git('show', `${BRANCH}:b.big`)).toBe(`stored in ${store}`);
  });

  it('is made as whom the repository names', async () => {
    const repository = makeRepository({ user: { name: 'Ada', email: 'ada@example.org' } });
    repository.git('config', 'user.email', 'ada@work.example');
    const worktree = await createWorktree(repository);
    writeInto(worktree.path, 'new.txt', 'new');
    await worktree.finish('Do it', RUN);
    expect(repository.git('log', '-1', '--format=%an <%ae>', BRANCH)).toBe('Ada <ada@work.example>');
  });

  it('leaves out a submodule that was not touched, follows one that was removed, and keeps what was put into one', async () => {
    const repository = makeRepository();
    const module = join(repository.around, 'module');
    mkdirSync(module);
    repository.git('-C', module, 'init', '--quiet');
    commitAll(repository, module);
    const names = ['a', 'b', 'c', 'd'];
    const add = ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', module];
    for (const name of names) repository.git(...add, name);
    commitAll(repository, repository.root);
    const worktree = await createWorktree(repository);
    expect(lstatSync(join(worktree.path, 'a')).isDirectory()).toBe(true);
    rmSync(join(worktree.path, 'b'), { recursive: true });
    writeInto(worktree.path, 'c/lost.txt', 'lost?');
    rmSync(join(worktree.path, 'd'), { recursive: true });
    writeInto(worktree.path, 'd', 'a file');
    const { commit = '', keptBecause } = await worktree.finish('Do it', RUN);
    expect(repository.git('diff', '--name-status', 'main', commit)).toBe('D\tb');
    expect(keptBecause).toMatch(/a repository of its own \([cd], [cd]\)/);
    expect(existsSync(join(worktree.path, 'c/lost.txt'))).toBe(true);
  });
});
