import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Worktree } from '../../../src/session/worktree.ts';
import { writeInto } from '../../support/repository.ts';
import { BRANCH, RUN, startWorktree } from '../../support/worktree.ts';

describe('a worktree that another process has left', () => {
  it('is finished by the next one from its record, which is plain JSON', async () => {
    const { worktree, host, git } = await startWorktree();
    writeInto(worktree.path, 'work.txt', 'done');
    const again = new Worktree(host, JSON.parse(JSON.stringify(worktree.record)));
    const { commit } = await again.finish('Work', RUN);
    expect(git('show', `${commit}:work.txt`)).toBe('done');
  });

  it('keeps the commit of a process that died before it had said so', async () => {
    const { worktree, host, git } = await startWorktree();
    writeInto(worktree.path, 'work.txt', 'done');
    const kept = await worktree.finish('Work', RUN);
    expect(await new Worktree(host, worktree.record).finish('Work', RUN)).toEqual(kept);
    expect(git('rev-parse', BRANCH)).toBe(kept.commit);
  });

  it('does not take half a removed working copy for work', async () => {
    const { worktree, host, git } = await startWorktree();
    writeInto(worktree.path, 'work.txt', 'done');
    const kept = await worktree.finish('Work', RUN);
    mkdirSync(`${worktree.path}.removed`);
    writeInto(`${worktree.path}.removed`, 'left.txt', 'over');
    expect(await new Worktree(host, worktree.record).finish('Work', RUN)).toEqual(kept);
    expect(existsSync(`${worktree.path}.removed`)).toBe(false);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
  });

  it('has nothing to keep when nothing was changed, however often that is found out', async () => {
    const { worktree, host, git } = await startWorktree();
    expect(await worktree.finish('Work', RUN)).toEqual({});
    expect(await new Worktree(host, worktree.record).finish('Work', RUN)).toEqual({});
    await new Worktree(host, worktree.record).discard();
    expect(git('branch', '--list', BRANCH)).toBe('');
  });
});
