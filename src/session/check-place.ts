import { isAbsolute, resolve } from 'node:path';
import type { RunSpec } from '../contract/run-spec.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { findManagedBinary } from './binary.ts';
import { findGitRoot } from './git.ts';

/**
 * What of a run can be looked at before it begins: whether there are the directory or the repository, the pictures, and the
 * codex that it names. Throws `workspace-refused`, `invalid-config`, `codex-not-found`, `codex-unsupported`.
 */
export async function checkPlace(host: Host, spec: RunSpec): Promise<void> {
  const { workspace, images = [], codexBinary } = spec;
  if ('directory' in workspace) await realDirectory(host, workspace.directory);
  if ('worktree' in workspace) {
    const from = await realRepository(host, workspace.worktree);
    if (!(await findGitRoot(host, from))) throw notInRepository(from);
  }
  await refuseMissingImages(host, images, 'directory' in workspace ? workspace.directory : undefined);
  if (codexBinary !== undefined) await findManagedBinary(host, codexBinary);
}

/** Throws `workspace-refused`. */
export async function realDirectory(host: Host, directory: string): Promise<string> {
  const path = await host.realPath(directory);
  if (!path) throw refused(`there is no directory ${directory}`, 'Make it, or name another one.');
  return path;
}

/** Throws `workspace-refused`. */
export async function realRepository(host: Host, directory: string): Promise<string> {
  const path = await host.realPath(directory);
  if (!path) throw refused(`there is no directory ${directory}`, 'Name a directory of a git repository.');
  return path;
}

/** Those of a workspace that is not there yet are looked for when it is. Throws `invalid-config`. */
export async function refuseMissingImages(
  host: Host,
  images: readonly string[],
  workspace: string | undefined,
): Promise<void> {
  for (const image of images) {
    if (!isAbsolute(image) && workspace === undefined) continue;
    if (await host.exists(resolve(workspace ?? '/', image))) continue;
    throw new OptioError('invalid-config', `images: there is no ${image}`, {
      field: 'images',
      remedy: 'Check the path.',
    });
  }
}

export function notInRepository(directory: string, cause?: unknown): OptioError {
  const remedy = 'Run `git init` and commit there first, or work in the directory itself, without a worktree.';
  return refused(`${directory} is not in a git repository`, remedy, cause);
}

function refused(message: string, remedy: string, cause?: unknown): OptioError {
  return new OptioError('workspace-refused', message, { remedy, ...(cause !== undefined && { cause }) });
}
