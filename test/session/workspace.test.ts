import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec, WorkspaceSpec } from '../../src/contract/run-spec.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkConfig } from '../../src/session/config.ts';
import { prepareWorkspace, type Workspace } from '../../src/session/workspace.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { makeRun } from '../support/memory-run.ts';
import { makeRepository } from '../support/repository.ts';
import { IDENTITY } from '../support/worktree.ts';

/** Prepares the workspace of a run whose things lie below `root`. */
function prepare(
  root: string,
  workspace: WorkspaceSpec,
  { runId = 'run-1', host = new LocalHost(), ...spec }: Partial<RunSpec> & { runId?: string; host?: LocalHost } = {},
): Promise<Workspace> {
  const data = join(root, 'data');
  const directories = { data, run: join(data, 'runs', runId), workspaces: join(root, 'workspaces') };
  const config = checkConfig({ instructions: '', workspace, ...spec });
  return prepareWorkspace(makeRun({ runId, host, directories }), config);
}

describe('prepareWorkspace with a directory', () => {
  it('takes the real one behind a link, and finds the repository around it', async () => {
    const { root, around } = makeRepository();
    const directory = join(around, 'link');
    symlinkSync(subdirectory(root, 'packages'), directory);
    await expect(prepare(around, { directory })).resolves.toMatchObject({
      path: join(root, 'packages'),
      kind: 'directory',
      gitRoot: root,
      warnings: [],
    });
  });

  it.each(['/nowhere/at/all', '/'])('refuses %s', async (directory) => {
    const refused = { code: 'workspace-refused', remedy: expect.any(String) };
    await expect(prepare(testDirectory(), { directory })).rejects.toMatchObject(refused);
  });

  it('refuses one in which another run works, and says which', async () => {
    const root = testDirectory();
    const directory = subdirectory(root, 'space');
    await prepare(root, { directory });
    await expect(prepare(root, { directory }, { runId: 'run-2' })).rejects.toMatchObject({
      code: 'workspace-busy',
      message: expect.stringMatching(/run-1 works in this directory since/),
      remedy: expect.stringContaining('--worktree'),
    });
  });

  it('refuses one around another run, and is free for the next when that was refused', async () => {
    const root = testDirectory();
    const [directory, inner] = [join(root, 'space'), subdirectory(root, 'space', 'inner')];
    const first = await prepare(root, { directory: inner });
    await expect(prepare(root, { directory }, { runId: 'run-2' })).rejects.toMatchObject({ code: 'workspace-busy' });
    await first.release();
    await expect(prepare(root, { directory }, { runId: 'run-3' })).resolves.toMatchObject({ warnings: [] });
  });

  it.each<[string, WorkspaceSpec & { directory: string }, Partial<RunSpec>]>([
    ['that asks to share it', { directory: '', shared: true }, {}],
    ['that only reads', { directory: '' }, { sandbox: 'read-only' }],
  ])('lets in a run %s, with a warning', async (_which, spec, more) => {
    const root = testDirectory();
    const directory = subdirectory(root, 'space');
    await prepare(root, { directory });
    const { warnings } = await prepare(root, { ...spec, directory }, { runId: 'run-2', ...more });
    expect(warnings).toEqual([expect.stringContaining('run-1')]);
  });

  it('lets in a run beside one that only reads', async () => {
    const root = testDirectory();
    const directory = subdirectory(root, 'space');
    await prepare(root, { directory }, { sandbox: 'read-only' });
    const { warnings } = await prepare(root, { directory }, { runId: 'run-2' });
    expect(warnings).toEqual([expect.stringContaining('run-1')]);
  });

  it('gives it to one of several that begin at once', async () => {
    const root = testDirectory();
    const directory = subdirectory(root, 'space');
    const runs = ['run-1', 'run-2', 'run-3', 'run-4'];
    const prepared = await Promise.allSettled(runs.map((runId) => prepare(root, { directory }, { runId })));
    expect(prepared.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});

describe('prepareWorkspace with a fresh directory', () => {
  it('makes one with the files that were given', async () => {
    const root = testDirectory();
    const files = { 'a.txt': 'a', 'deep/down/b.txt': 'b' };
    const { path, kind } = await prepare(root, { fresh: true, files });
    expect({ path, kind }).toEqual({ path: join(root, 'workspaces', 'run-1'), kind: 'fresh' });
    for (const [name, content] of Object.entries(files)) {
      expect(readFileSync(join(path, name), 'utf8')).toBe(content);
      expect(statSync(join(path, name)).mode & 0o777).toBe(0o644);
    }
  });

  it.each(['../outside.txt', '/etc/passwd', 'a/../../b'])('refuses to write %s', async (name) => {
    const spec = { fresh: true, files: { [name]: 'x' } } as const;
    const root = testDirectory();
    await expect(prepare(root, spec)).rejects.toMatchObject({ code: 'path-refused' });
    expect(existsSync(join(root, 'workspaces/run-1'))).toBe(false);
  });
});

describe('prepareWorkspace with a worktree', () => {
  it('makes one among the workspaces, and warns of what stays behind', async () => {
    const { root, around, host, write } = makeRepository();
    write('draft.txt', 'draft');
    const { path, kind, gitRoot, warnings } = await prepare(around, { worktree: root }, { host });
    expect({ path, kind, gitRoot }).toEqual({
      path: join(around, 'workspaces/run-1'),
      kind: 'worktree',
      gitRoot: path,
    });
    expect(warnings).toEqual([`1 uncommitted change in ${root} is not included in the worktree`]);
  });

  it('lets several runs work beside each other', async () => {
    const { root, around, host } = makeRepository();
    for (const runId of ['run-1', 'run-2']) {
      await expect(prepare(around, { worktree: root }, { runId, host })).resolves.toMatchObject({ warnings: [] });
    }
  });

  it('means the part of the repository that it is given', async () => {
    const { root, around, host, write, git } = makeRepository();
    write('packages/one/index.js', '1');
    git('add', '--all');
    git(...IDENTITY, 'commit', '--quiet', '--message', 'Packages');
    const { path, gitRoot } = await prepare(around, { worktree: join(root, 'packages/one') }, { host });
    expect({ path, gitRoot }).toEqual({
      path: join(around, 'workspaces/run-1/packages/one'),
      gitRoot: join(around, 'workspaces/run-1'),
    });
  });

  it('refuses a part that was never committed, and takes the worktree back', async () => {
    const { root, around, host, git } = makeRepository();
    const part = subdirectory(root, 'new');
    await expect(prepare(around, { worktree: part }, { host })).rejects.toMatchObject({
      code: 'workspace-refused',
      message: expect.stringContaining('not in the last commit'),
    });
    expect(git('branch', '--list')).toBe('* main');
    expect(existsSync(join(around, 'workspaces/run-1'))).toBe(false);
  });

  it('refuses a repository that is not there', async () => {
    const refused = { code: 'workspace-refused', remedy: expect.any(String) };
    await expect(prepare(testDirectory(), { worktree: '/nowhere' })).rejects.toMatchObject(refused);
  });
});
