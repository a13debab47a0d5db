import { join } from 'node:path';
import { Worktree, type WorktreeOptions } from '../../src/session/worktree.ts';
import { subdirectory } from './directories.ts';
import { makeRepository, type Repository, type RepositoryOptions } from './repository.ts';

export const RUN = 'run-1';
export const IDENTITY = ['-c', 'user.name=Agent', '-c', 'user.email=agent@example.org'];
export const BRANCH = `optio-codex/${RUN}`;

/** Where the worktree of a run is made. */
export function placeOf({ host, root, around }: Repository, runId = RUN): WorktreeOptions {
  const path = join(around, runId === RUN ? 'worktree' : runId);
  return { host, repository: root, path, privateDirectory: join(around, 'private', runId), runId };
}

export function createWorktree(repository: Repository, runId = RUN): Promise<Worktree> {
  return Worktree.create(placeOf(repository, runId));
}

/** A worktree of a fresh repository. */
export async function startWorktree(options?: RepositoryOptions): Promise<Repository & { worktree: Worktree }> {
  const repository = makeRepository(options);
  return { ...repository, worktree: await createWorktree(repository) };
}

/** A repository within the working copy, with a commit. */
export function makeInner(worktree: Worktree, git: Repository['git'], name = 'inner'): string {
  const inner = subdirectory(worktree.path, name);
  git('-C', inner, 'init', '--quiet');
  git('-C', inner, ...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', 'Inner');
  return inner;
}
