import { dirname, join, relative } from 'node:path';
import type { WorkspaceSpec } from '../contract/run-spec.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { RunContext } from '../task/context.ts';
import { realDirectory, realRepository } from './check-place.ts';
import type { SessionConfig } from './config.ts';
import { findGitRoot } from './git.ts';
import { Worktree, type WorktreeRecord } from './worktree.ts';

/** What our own git needs of a worktree's repository, in the private directory of the run. */
const REPOSITORY = 'repository';

/** The directory in which Codex works. */
export interface Workspace {
  /** Real, links resolved. */
  readonly path: string;
  readonly kind: 'directory' | 'fresh' | 'worktree';
  readonly gitRoot: string | undefined;
  readonly worktree?: Worktree;
  /** What a person should know of it. */
  readonly warnings: readonly string[];
  /** Others may have it now. */
  release(): Promise<void>;
}

/** Makes or takes the workspace. Throws `workspace-busy`, `workspace-refused`, `git-failed`, `path-refused`. */
export async function prepareWorkspace(context: RunContext, config: SessionConfig): Promise<Workspace> {
  const spec = config.workspace;
  if ('directory' in spec) return takeDirectory(context, config, spec);
  const path = join(context.directories.workspaces, context.runId);
  await context.host.makeDirectory(context.directories.workspaces);
  if ('worktree' in spec) return makeWorktree(context, path, spec.worktree);
  return makeFresh(context, path, spec.files ?? {});
}

/** Takes back a workspace that was made for this run and that nobody has worked in. */
export async function discardWorkspace(
  context: RunContext,
  spec: Exclude<WorkspaceSpec, { directory: string }>,
): Promise<void> {
  const { host, directories, runId } = context;
  const path = join(directories.workspaces, runId);
  const privateDirectory = join(directories.run, REPOSITORY);
  if ('fresh' in spec) await host.removeDirectory(path);
  else await Worktree.discardLeftover({ host, repository: spec.worktree, path, privateDirectory, runId });
}

/** What has to be known of a workspace to go on in it. */
export interface WorkspaceRecord extends Pick<Workspace, 'path' | 'kind'> {
  readonly gitRoot?: string | undefined;
  readonly worktree?: WorktreeRecord | undefined;
}

/** Takes a workspace again that another process has made or taken for this run. */
export async function retakeWorkspace(
  context: RunContext,
  record: WorkspaceRecord,
  isShared: boolean,
): Promise<Workspace> {
  const { host } = context;
  const { path, kind, gitRoot, worktree } = record;
  host.distrust(gitRoot ?? path);
  const again = { path, kind, gitRoot, warnings: [], ...(worktree && { worktree: new Worktree(host, worktree) }) };
  if (kind !== 'directory') return { ...again, release: async () => {} };
  await context.takeDirectory(path, { isShared }); // which it has still, since it has not ended
  return { ...again, release: () => context.leaveDirectory() };
}

async function takeDirectory(
  context: RunContext,
  config: SessionConfig,
  spec: Extract<WorkspaceSpec, { directory: string }>,
): Promise<Workspace> {
  const { host } = context;
  const path = await realDirectory(host, spec.directory);
  if (path === '/') throw refused('the whole machine is no workspace', 'Name a directory in it.');
  host.distrust(path);
  const isShared = spec.shared === true || config.sandbox === 'read-only';
  const { isTaken, others } = await context.takeDirectory(path, { isShared });
  const [rival] = others.filter((other) => !other.isShared);
  if (!isTaken && rival) {
    const where = rival.path === path ? 'in this directory' : `in ${rival.path}`;
    throw new OptioError('workspace-busy', `the run ${rival.runId} works ${where} since ${rival.since}`, {
      remedy: 'Wait for it, use --worktree to work beside it, or --share to work in the same files at the same time.',
    });
  }
  const warnings = others.map((other) => `the run ${other.runId} works in ${other.path} too`);
  const release = () => context.leaveDirectory();
  return { path, kind: 'directory', gitRoot: await findGitRoot(host, path), warnings, release };
}

async function makeFresh(
  context: RunContext,
  path: string,
  files: Readonly<Record<string, string>>,
): Promise<Workspace> {
  const { host } = context;
  await host.makeDirectory(path);
  host.distrust(path);
  try {
    await writeFiles(host, path, files);
  } catch (error) {
    await host.removeDirectory(path);
    throw error;
  }
  const real = (await host.realPath(path)) ?? path;
  return { path: real, kind: 'fresh', gitRoot: await findGitRoot(host, real), warnings: [], release: async () => {} };
}

async function writeFiles(host: Host, root: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = await host.resolveInside(root, name);
    await host.makeDirectory(dirname(file));
    await host.writeFile(file, content, { mode: 0o644, durable: false });
  }
}

async function makeWorktree(context: RunContext, path: string, repository: string): Promise<Workspace> {
  const { host, runId } = context;
  const parent = (await host.realPath(join(path, '..'))) ?? join(path, '..');
  const from = await realRepository(host, repository);
  host.distrust((await findGitRoot(host, from)) ?? from);
  host.distrust(parent);
  const privateDirectory = join(context.directories.run, REPOSITORY);
  const place = { path: join(parent, runId), privateDirectory, runId };
  const worktree = await Worktree.create({ host, repository: from, ...place });
  // Who stands in a part of the repository means that part.
  const workspace = join(worktree.path, relative(worktree.repository, from));
  if (!(await host.exists(workspace))) {
    await worktree.discard();
    throw refused(`${from} is not in the last commit, so a worktree has no such directory`, 'Commit it first.');
  }
  const { dirty } = worktree.record;
  const [changes, are] = dirty === 1 ? ['change', 'is'] : ['changes', 'are'];
  const told = `${dirty} uncommitted ${changes} in ${worktree.repository} ${are} not included in the worktree`;
  const warnings = dirty > 0 ? [told] : [];
  return { path: workspace, kind: 'worktree', gitRoot: worktree.path, worktree, warnings, release: async () => {} };
}

function refused(message: string, remedy: string): OptioError {
  return new OptioError('workspace-refused', message, { remedy });
}
