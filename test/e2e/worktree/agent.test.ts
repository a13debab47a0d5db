import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subdirectory } from '../../support/directories.ts';
import { makeCanary, writeInto } from '../../support/repository.ts';
import { BRANCH, IDENTITY, RUN, startWorktree } from '../../support/worktree.ts';

describe('Worktree.finish, when the agent used git itself', () => {
  it('keeps what the agent has committed', async () => {
    const { worktree, git } = await startWorktree();
    writeInto(worktree.path, 'new.txt', 'new');
    git('-C', worktree.path, 'add', '--all');
    git('-C', worktree.path, ...IDENTITY, 'commit', '--quiet', '--message', 'Own');
    const kept = await worktree.finish('Do it', RUN);
    expect(kept).toEqual({ branch: BRANCH, commit: git('rev-parse', BRANCH) });
    expect(git('log', '-1', '--format=%s', BRANCH)).toBe('Own');
  });

  it('puts what is not committed on top of what the agent has committed', async () => {
    const { worktree, git } = await startWorktree();
    writeInto(worktree.path, 'README.md', 'first');
    writeInto(worktree.path, '.gitignore', '*.log\n');
    writeInto(worktree.path, 'forced.log', 'kept');
    git('-C', worktree.path, 'add', '--all');
    git('-C', worktree.path, 'add', '--force', 'forced.log');
    git('-C', worktree.path, ...IDENTITY, 'commit', '--quiet', '--message', 'Own');
    writeInto(worktree.path, 'README.md', 'second');
    await worktree.finish('Do it', RUN);
    expect(git('log', '--format=%s', `main..${BRANCH}`)).toBe('Do it\nOwn');
    expect(git('diff', '--name-only', `${BRANCH}^`, BRANCH)).toBe('README.md');
    expect(git('show', `${BRANCH}:README.md`, `${BRANCH}:forced.log`)).toBe('secondkept');
  });

  it('keeps what the agent has committed before it left the branch', async () => {
    const { worktree, git } = await startWorktree();
    writeInto(worktree.path, 'new.txt', 'new');
    git('-C', worktree.path, 'add', '--all');
    git('-C', worktree.path, ...IDENTITY, 'commit', '--quiet', '--message', 'Own');
    git('-C', worktree.path, 'checkout', '--quiet', '--detach', 'main');
    await worktree.finish('Do it', RUN);
    expect(git('log', '-1', '--format=%s', BRANCH)).toBe('Own');
  });

  it('puts the branch that it tells at the work, wherever the agent left it', async () => {
    const { worktree, git } = await startWorktree();
    git('-C', worktree.path, 'checkout', '--quiet', '-b', 'elsewhere');
    writeInto(worktree.path, 'new.txt', 'new');
    const { commit } = await worktree.finish('Do it', RUN);
    expect(git('rev-parse', BRANCH)).toBe(commit);
    expect(git('show', `${BRANCH}:new.txt`)).toBe('new');
  });

  it('goes by the repository that it knows, whatever .git says by now', async () => {
    const { worktree, git, around, host } = await startWorktree();
    const { program, hasSung } = makeCanary(around);
    const evil = subdirectory(around, 'evil');
    git('-C', evil, 'init', '--quiet');
    git('-C', evil, 'config', 'core.fsmonitor', program);
    await host.writeFile(join(worktree.path, '.git'), `gitdir: ${evil}/.git\n`);
    writeInto(worktree.path, 'new.txt', 'new');
    await worktree.finish('Do it', RUN);
    expect(git('show', `${BRANCH}:new.txt`)).toBe('new');
    expect(hasSung()).toBe(false);
    git('-C', evil, 'status');
    expect(hasSung(), 'the canary is alive').toBe(true);
  });
});
