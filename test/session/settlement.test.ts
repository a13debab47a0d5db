import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkspaceSpec } from '../../src/contract/run-spec.ts';
import { checkConfig } from '../../src/session/config.ts';
import { WorkspaceSettlement } from '../../src/session/settlement.ts';
import { prepareWorkspace } from '../../src/session/workspace.ts';
import { subdirectory } from '../support/directories.ts';
import { endRun, makeRun, readEvents } from '../support/memory-run.ts';
import { makeRepository, writeInto } from '../support/repository.ts';

/** A run in a fresh directory, or in a worktree of a repository, that has not begun yet. */
async function start(kind: 'fresh' | 'worktree') {
  const { root, around, host, git } = makeRepository();
  const data = join(around, 'data');
  const run = makeRun({
    host,
    directories: { data, run: subdirectory(data, 'run'), workspaces: join(around, 'workspaces') },
  });
  const spec: WorkspaceSpec = kind === 'fresh' ? { fresh: true, files: { 'a.txt': 'a' } } : { worktree: root };
  const workspace = await prepareWorkspace(run, checkConfig({ instructions: '', workspace: spec }));
  const settlement = new WorkspaceSettlement(run, workspace, 'The title');
  const notices = async () => {
    endRun(run);
    return (await readEvents(run)).flatMap((event) => (event.type === 'notice' ? [event] : []));
  };
  const again = () => new WorkspaceSettlement(run, workspace, 'The title');
  const record = join(run.directories.run, 'before.json');
  return { settlement, again, path: workspace.path, git, notices, record };
}

describe('WorkspaceSettlement', () => {
  it('knows where the work is before it is settled', async () => {
    const { settlement, path } = await start('fresh');
    expect(settlement.report).toEqual({ path, kind: 'fresh', changes: [], isPartial: false });
  });

  it('lists what changed since the run began, and removes what the sandbox left', async () => {
    const { settlement, path } = await start('fresh');
    await settlement.begin();
    writeInto(path, 'b.txt', 'b');
    mkdirSync(join(path, '.agents'));
    await settlement.settle();
    expect(settlement.report?.changes).toEqual([{ path: 'b.txt', change: 'added' }]);
    expect(existsSync(join(path, '.agents'))).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  it('makes a commit of a worktree, under the title', async () => {
    const { settlement, path, git } = await start('worktree');
    await settlement.begin();
    writeInto(path, 'b.txt', 'b');
    await settlement.settle();
    const commit = git('rev-parse', 'optio-codex/run-1');
    expect(settlement.report).toMatchObject({
      branch: 'optio-codex/run-1',
      commit,
      changes: [{ path: 'b.txt', change: 'added' }],
    });
    expect(git('log', '-1', '--format=%s', commit)).toBe('The title');
    expect(existsSync(path)).toBe(false);
  });

  it('tells the person of a worktree that stays, and how to remove it', async () => {
    const { settlement, path, notices } = await start('worktree');
    await settlement.begin();
    writeInto(path, '.gitignore', 'dist\n');
    writeInto(path, 'dist/built.js', 'built');
    await settlement.settle();
    const [notice] = await notices();
    expect(notice).toMatchObject({ level: 'warning', message: expect.stringContaining(path) });
    execFileSync('sh', ['-c', notice?.remedy ?? '']);
    expect(existsSync(path)).toBe(false);
  });

  it('takes a worktree back when the run never began', async () => {
    const { settlement, path, git, notices } = await start('worktree');
    await settlement.settle();
    expect(existsSync(path)).toBe(false);
    expect(git('branch', '--list')).toBe('* main');
    await expect(notices()).resolves.toEqual([]);
  });

  it('removes a fresh directory when the run never began, and names it no more', async () => {
    const { settlement, path, again } = await start('fresh');
    const written = await settlement.settle();
    expect([existsSync(path), settlement.report]).toEqual([false, undefined]);
    const next = again();
    await next.settledBefore(written);
    await next.settle();
    expect(next.report, 'nor does another process').toBeUndefined();
  });

  it('keeps a fresh directory in which a process before us may have worked', async () => {
    const { settlement, path } = await start('fresh');
    await settlement.resume();
    await settlement.settle();
    expect([existsSync(join(path, 'a.txt')), settlement.report?.path]).toEqual([true, path]);
  });

  it('goes by what the workspace looked like at first when another process goes on', async () => {
    const { settlement, path, again } = await start('fresh');
    await settlement.begin();
    writeInto(path, 'b.txt', 'b');
    const next = again();
    await next.begin();
    await next.settle();
    expect(next.report?.changes).toEqual([{ path: 'b.txt', change: 'added' }]);
  });

  it('goes on where what was written of the start cannot be read, and says so', async () => {
    const { settlement, path, again, notices, record } = await start('fresh');
    await settlement.begin();
    writeFileSync(record, '{"files":');
    const next = again();
    await next.resume();
    await next.settle();
    expect(next.report).toMatchObject({ path, changes: [] });
    expect(await notices()).toMatchObject([{ level: 'warning', message: expect.stringContaining('cannot be read') }]);
  });

  it('is not settled twice', async () => {
    const { settlement, path, again } = await start('fresh');
    await settlement.begin();
    writeInto(path, 'b.txt', 'b');
    await settlement.settle();
    const next = again();
    const report = settlement.report ?? expect.fail('there is no report');
    await next.settledBefore(report);
    writeInto(path, 'c.txt', 'by somebody else');
    await next.settle();
    expect(next.report).toEqual(report);
  });
});
