import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { makeCanary, makeRepository, type RepositoryOptions, writeInto } from '../../support/repository.ts';
import { BRANCH, createWorktree, IDENTITY, makeInner, RUN, startWorktree } from '../../support/worktree.ts';

describe('Worktree.create', () => {
  it('makes a working copy of what is committed, on a branch of its own', async () => {
    const repository = makeRepository();
    repository.write('draft.txt', 'not committed');
    const worktree = await createWorktree({ ...repository, root: subdirectory(repository.root, 'deep', 'down') });
    expect(existsSync(join(worktree.path, 'README.md'))).toBe(true);
    expect(existsSync(join(worktree.path, 'draft.txt'))).toBe(false);
    expect(repository.git('-C', worktree.path, 'branch', '--show-current')).toBe(BRANCH);
    expect(repository.git('branch', '--show-current')).toBe('main');
  });

  it('counts what is not committed and stays behind', async () => {
    const repository = makeRepository();
    repository.write('README.md', 'changed');
    repository.write('staged.txt', 'staged');
    repository.git('add', 'staged.txt');
    repository.write('new.txt', 'new');
    expect((await createWorktree(repository)).record.dirty).toBe(3);
  });

  it('refuses a directory outside of any repository', async () => {
    const repository = { ...makeRepository(), root: testDirectory() };
    // Codex may have left an empty .git at the root of a disk that was its workspace.
    const { host } = repository;
    const exists = host.exists.bind(host);
    host.exists = async (path) => path !== '/.git' && exists(path);
    await expect(createWorktree(repository)).rejects.toMatchObject({
      code: 'workspace-refused',
      remedy: expect.any(String),
    });
  });

  it('refuses a repository without a commit', async () => {
    const refused = { code: 'workspace-refused', remedy: 'Commit first.' };
    await expect(createWorktree(makeRepository({ isEmpty: true }))).rejects.toMatchObject(refused);
  });

  it('leaves a branch of the same name alone', async () => {
    const repository = makeRepository();
    repository.git('branch', BRANCH);
    await expect(createWorktree(repository)).rejects.toMatchObject({ code: 'git-failed' });
    expect(repository.git('branch', '--list', BRANCH)).toContain(BRANCH);
    expect(existsSync(join(repository.around, 'worktree'))).toBe(false);
  });

  it.each(['worktree', `repository/.git/worktrees/${RUN}`])('leaves what is at %s alone', async (place) => {
    const repository = makeRepository();
    writeInto(repository.around, `${place}/theirs.txt`, 'theirs');
    await expect(createWorktree(repository)).rejects.toMatchObject({ code: 'git-failed' });
    expect(existsSync(join(repository.around, place, 'theirs.txt'))).toBe(true);
    expect(repository.git('branch', '--list', BRANCH)).toBe('');
  });

  it('runs no hook of the repository', async () => {
    const repository = makeRepository();
    const { program, hasSung } = makeCanary(repository.around);
    mkdirSync(join(repository.root, '.git', 'hooks'), { recursive: true });
    copyFileSync(program, join(repository.root, '.git', 'hooks', 'post-checkout'));
    await createWorktree(repository);
    expect(hasSung()).toBe(false);
  });
});

describe('Worktree with filters', () => {
  it('runs none that the repository brings in its own configuration, and all that are the user’s', async () => {
    const repository = makeRepository();
    const { program, hasSung } = makeCanary(repository.around);
    for (const name of ['clean', 'smudge']) repository.git('config', `filter.own.${name}`, `${program} ${name}`);
    repository.git('config', 'filter.own.required', 'true');
    const upper = ['config', '--global', 'filter.upper.clean', 'tr a-z A-Z'] as const;
    repository.git(...upper);
    repository.write('.gitattributes', '*.own filter=own\n*.up filter=upper\n');
    repository.git('add', '.gitattributes');
    repository.git(...IDENTITY, 'commit', '--quiet', '--message', 'Attributes');
    const worktree = await createWorktree(repository);
    writeInto(worktree.path, 'a.own', 'own');
    writeInto(worktree.path, 'a.up', 'up');
    const { commit = '' } = await worktree.finish('Files', RUN);
    expect(hasSung()).toBe(false);
    expect(repository.git('show', `${commit}:a.own`)).toBe('own');
    expect(repository.git('show', `${commit}:a.up`)).toBe('UP');
  });
});

describe('Worktree.finish', () => {
  it('commits everything on the branch, with our trailer, and removes the working copy', async () => {
    const { worktree, git, root } = await startWorktree();
    writeInto(worktree.path, 'src/new.txt', 'new');
    rmSync(join(worktree.path, 'README.md'));
    const kept = await worktree.finish('Do it', RUN);
    expect(kept).toEqual({ branch: BRANCH, commit: git('rev-parse', BRANCH) });
    expect(git('log', '-1', '--format=%B', BRANCH)).toBe(`Do it\n\nOptio-Run: ${RUN}`);
    expect(git('diff', '--name-status', 'main', BRANCH)).toBe('D\tREADME.md\nA\tsrc/new.txt');
    expect(existsSync(worktree.path)).toBe(false);
    expect(git('worktree', 'list', '--porcelain').match(/^worktree .*/gm)).toEqual([`worktree ${root}`]);
  });

  it('leaves neither branch nor directory of a worktree that did not change', async () => {
    const { worktree, git } = await startWorktree();
    await expect(worktree.finish('Do it', RUN)).resolves.toEqual({});
    expect(git('branch', '--list', BRANCH)).toBe('');
    expect(existsSync(worktree.path)).toBe(false);
  });

  it.each<[string, RepositoryOptions['user'], string]>([
    ['as the user', { name: 'Ada', email: 'ada@example.org' }, 'Ada <ada@example.org>'],
    ['as ours where git knows nobody', undefined, 'optio-codex <optio-codex@localhost>'],
    ['with our name where only the address is known', { email: 'ada@example.org' }, 'optio-codex <ada@example.org>'],
    ['with our address where only the name is known', { name: 'Ada' }, 'Ada <optio-codex@localhost>'],
  ])('commits %s', async (_who, user, expected) => {
    const { worktree, git } = await startWorktree({ ...(user && { user }) });
    writeInto(worktree.path, 'new.txt', 'new');
    await worktree.finish('Do it', RUN);
    expect(git('log', '-1', '--format=%an <%ae>%n%cn <%ce>', BRANCH)).toBe(`${expected}\n${expected}`);
  });

  it.each(['with work besides', 'alone'])('keeps files that are ignored, %s, and says why', async (company) => {
    const { worktree, git } = await startWorktree();
    writeInto(git('rev-parse', '--path-format=absolute', '--git-common-dir'), 'info/exclude', 'dist/\n');
    writeInto(worktree.path, 'dist/built.js', 'built');
    if (company !== 'alone') writeInto(worktree.path, 'new.txt', 'new');
    const { keptBecause } = await worktree.finish('Do it', RUN);
    expect(keptBecause).toContain('.gitignore');
    expect(existsSync(join(worktree.path, 'dist/built.js'))).toBe(true);
    expect(git('worktree', 'list')).toContain(worktree.path);
  });

  it.each(['with work besides', 'alone'])('keeps a repository of its own, %s, and says why', async (company) => {
    const { worktree, git } = await startWorktree();
    const inner = makeInner(worktree, git);
    if (company !== 'alone') writeInto(worktree.path, 'new.txt', 'new');
    const { branch, keptBecause } = await worktree.finish('Do it', RUN);
    expect(keptBecause).toContain('a repository of its own');
    expect(existsSync(inner)).toBe(true);
    expect(branch).toBe(company === 'alone' ? undefined : BRANCH);
    if (branch) expect(git('ls-tree', '-r', '--name-only', branch)).toBe('README.md\nnew.txt');
  });

  it('commits the rest when a repository without a commit is in it, and keeps that', async () => {
    const { worktree, git } = await startWorktree();
    const inner = subdirectory(worktree.path, 'inner');
    git('-C', inner, 'init', '--quiet');
    writeInto(inner, 'a.txt', 'a');
    writeInto(worktree.path, 'new.txt', 'new');
    const { keptBecause } = await worktree.finish('Do it', RUN);
    expect(keptBecause).toContain('inner');
    expect(existsSync(join(inner, 'a.txt'))).toBe(true);
    expect(git('show', `${BRANCH}:new.txt`)).toBe('new');
  });

  it('keeps a repository that took the place of a file', async () => {
    const { worktree, git } = await startWorktree();
    rmSync(join(worktree.path, 'README.md'));
    makeInner(worktree, git, 'README.md');
    expect((await worktree.finish('Do it', RUN)).keptBecause).toContain('a repository of its own');
  });
});

describe('Worktree.discard', () => {
  it('takes everything back', async () => {
    const { worktree, git, root } = await startWorktree();
    writeInto(worktree.path, 'new.txt', 'new');
    await worktree.discard();
    expect(git('branch', '--list', BRANCH)).toBe('');
    expect(existsSync(worktree.path)).toBe(false);
    expect(git('worktree', 'list', '--porcelain').match(/^worktree .*/gm)).toEqual([`worktree ${root}`]);
  });
});
