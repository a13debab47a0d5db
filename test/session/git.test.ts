import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { LocalHost } from '../../src/hosts/local.ts';
import { findGitRoot, git } from '../../src/session/git.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { makeCanary, makeRepository } from '../support/repository.ts';

const HOOKS = [
  'pre-commit',
  'commit-msg',
  'post-commit',
  'post-checkout',
  'post-index-change',
  'reference-transaction',
];

describe('git', () => {
  it('gives what git says', async () => {
    const { host, root } = makeRepository();
    await expect(git(host, root, ['log', '--format=%s'])).resolves.toBe('First\n');
  });

  it('throws what git said when it fails', async () => {
    const { host, root } = makeRepository();
    await expect(git(host, root, ['checkout', 'gone'])).rejects.toMatchObject({
      code: 'git-failed',
      message: expect.stringMatching(/^git checkout failed: .*gone/),
      details: { exitCode: 1, stderr: expect.stringContaining('gone') },
    });
  });

  it('says that git is missing where it is', async () => {
    const { root } = makeRepository();
    class NoGit extends LocalHost {
      override run(...[command, options]: Parameters<LocalHost['run']>) {
        return super.run(command, { ...options, env: { PATH: root } });
      }
    }
    const missing = { code: 'git-failed', remedy: expect.stringContaining('installed') };
    await expect(git(new NoGit(), root, ['status'])).rejects.toMatchObject(missing);
  });

  it('runs no hook and no monitor of the repository', async () => {
    const { host, root, around, git: plain } = makeRepository({ user: { name: 'Ada', email: 'ada@example.org' } });
    const { program, hasSung } = makeCanary(around);
    mkdirSync(join(root, '.git', 'hooks'), { recursive: true });
    for (const hook of HOOKS) copyFileSync(program, join(root, '.git', 'hooks', hook));
    plain('config', 'core.fsmonitor', program);
    await host.writeFile(join(root, 'new.txt'), 'new');
    await git(host, root, ['status', '--porcelain']);
    await git(host, root, ['add', '--all']);
    await git(host, root, ['commit', '--message', 'Second']);
    await git(host, root, ['checkout', '--quiet', '-b', 'other']);
    expect(hasSung()).toBe(false);
    plain('checkout', 'main');
    expect(hasSung(), 'the canary is alive').toBe(true);
  });

  it('runs no hook from a place that the repository names', async () => {
    const { host, root, around, git: plain } = makeRepository();
    const { program, hasSung } = makeCanary(around);
    const hooks = subdirectory(around, 'hooks');
    copyFileSync(program, join(hooks, 'post-checkout'));
    plain('config', 'core.hooksPath', hooks);
    await git(host, root, ['checkout', '--quiet', '-b', 'other']);
    expect(hasSung()).toBe(false);
    plain('checkout', 'main');
    expect(hasSung(), 'the canary is alive').toBe(true);
  });
});

describe('findGitRoot', () => {
  it('finds the root from any depth', async () => {
    const { host, root } = makeRepository();
    await expect(findGitRoot(host, subdirectory(root, 'a', 'b'))).resolves.toBe(root);
    await expect(findGitRoot(host, root)).resolves.toBe(root);
  });

  it('takes the file of a worktree for a root', async () => {
    const { host, around, git: plain } = makeRepository();
    const worktree = join(around, 'worktree');
    plain('worktree', 'add', '--quiet', worktree);
    await expect(findGitRoot(host, worktree)).resolves.toBe(worktree);
  });

  it('finds none outside of a repository', async () => {
    await expect(
      findGitRoot({ ...new LocalHost(), exists: async () => false } as never, testDirectory()),
    ).resolves.toBeUndefined();
  });
});
