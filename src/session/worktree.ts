import { join } from 'node:path';
import { z } from 'zod';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { notInRepository } from './check-place.ts';
import { findGitRoot } from './git.ts';
import { PrivateRepository, privateRepositoryRecordSchema } from './private-repository.ts';
import { stage } from './staging.ts';

export interface WorktreeOptions {
  readonly host: Host;
  /** A directory in the repository. */
  readonly repository: string;
  /** Where the worktree is to be. */
  readonly path: string;
  /** Where what our git needs is to be: no agent may write there. */
  readonly privateDirectory: string;
  readonly runId: string;
}

/** How the work of a worktree was kept. */
export interface KeptWork {
  readonly branch?: string;
  readonly commit?: string;
  /** Why the directory was kept as well: it holds what the commit does not. */
  readonly keptBecause?: string;
}

/** All that is to be known of a worktree, as JSON: another process can go on with it. */
export const worktreeRecordSchema = z.object({
  path: z.string(),
  branch: z.string(),
  /** The root of the repository that it is of. */
  root: z.string(),
  /** Its name in that repository. */
  name: z.string(),
  /** The commit that it began with. */
  base: z.string(),
  /** What is not committed in the repository and therefore not here: how many changes. */
  dirty: z.number(),
  /** In which our git works, whatever the worktree's own `.git` says by now. */
  repository: privateRepositoryRecordSchema,
});
export type WorktreeRecord = z.infer<typeof worktreeRecordSchema>;

/**
 * A second working copy of a repository, on a branch of its own. To the user's git, and the agent's, it is one like any
 * other; ours never reads the configuration of that repository, nor of any that the agent makes (`PrivateRepository`,
 * `stage`).
 */
export class Worktree {
  readonly record: WorktreeRecord;
  readonly #host: Host;
  readonly #repository: PrivateRepository;

  /** One that is there already. */
  constructor(host: Host, record: WorktreeRecord) {
    this.#host = host;
    this.record = record;
    this.#repository = new PrivateRepository(host, record.repository);
  }

  get path(): string {
    return this.record.path;
  }

  /** The root of the repository that it is of. */
  get repository(): string {
    return this.record.root;
  }

  /** Makes the branch and the working copy. Throws `workspace-refused` outside of a repository, or `git-failed`. */
  static async create(options: WorktreeOptions): Promise<Worktree> {
    const { host, path, runId, privateDirectory: directory } = options;
    const root = await findGitRoot(host, options.repository);
    if (!root) {
      throw notInRepository(options.repository);
    }
    const repository = await PrivateRepository.make({ host, root, directory }).catch((cause: OptioError) => {
      // What is called `.git` may be anything, such as an empty directory.
      throw /not a git repository/.test(cause.message) ? notInRepository(options.repository, cause) : cause;
    });
    const [base, dirty] = [await repository.head(), await countChanges(host, repository, root)];
    const branch = branchName(runId);
    const worktree = new Worktree(host, {
      path,
      branch,
      root,
      name: runId,
      base,
      dirty,
      repository: repository.record,
    });
    for (const there of [path, worktree.#place]) {
      if (await host.exists(there)) throw new OptioError('git-failed', `${there} is there already`);
    }
    // Refuses a branch that is there already.
    await repository.git(root, ['update-ref', `refs/heads/${branch}`, base, '0'.repeat(base.length)]);
    try {
      await worktree.#checkOut();
    } catch (error) {
      await worktree.discard();
      throw error;
    }
    return worktree;
  }

  /** Takes back one that was made, maybe by halves, by a process that died before anybody knew of it. */
  static async discardLeftover(options: WorktreeOptions): Promise<void> {
    const { host, path, runId, privateDirectory: directory } = options;
    const root = await findGitRoot(host, options.repository);
    if (!root) return;
    const { record: repository } = await PrivateRepository.make({ host, root, directory });
    const record = { path, branch: branchName(runId), root, name: runId, base: '', dirty: 0, repository };
    await new Worktree(host, record).discard();
  }

  /** Commits everything there is, and removes the working copy unless something in it is not in the commit. */
  async finish(title: string, runId: string): Promise<KeptWork> {
    if (!(await this.#host.exists(this.path))) return this.#finishedBefore();
    const { base, branch, name } = this.record;
    // Wherever the agent left it.
    const head = (await this.#repository.commitOf(`worktrees/${name}/HEAD`)) ?? base;
    const { tree, leftOut } = await stage({
      host: this.#host,
      repository: this.#repository,
      path: this.path,
      base: head,
    });
    const isChanged = tree !== (await this.#git(['rev-parse', `${head}^{tree}`])).trim();
    const last = isChanged ? await this.#commit(tree, head, `${title}\n\nOptio-Run: ${runId}`) : head;
    // The agent may have committed on the branch, and gone back.
    const commit = last === base ? await this.#tip() : last;
    const keptBecause = leftOut ?? (await this.#ignored());
    if (commit === undefined || commit === base) {
      if (!keptBecause) await this.discard();
      return keptBecause ? { keptBecause } : {};
    }
    await this.#git(['update-ref', `refs/heads/${branch}`, commit]);
    if (!keptBecause) await this.#remove();
    return { branch, commit, ...(keptBecause && { keptBecause }) };
  }

  /** Takes everything back, for a run that never began or changed nothing. */
  async discard(): Promise<void> {
    await this.#remove();
    if (await this.#tip()) await this.#inRoot(['update-ref', '-d', `refs/heads/${this.record.branch}`]);
  }

  /** What `git worktree add` does (gitrepository-layout), which would read the configuration of the repository. */
  async #checkOut(): Promise<void> {
    const [host, { path, branch, base }, place] = [this.#host, this.record, this.#place];
    await host.makeDirectory(place, { mode: 0o755 });
    await host.makeDirectory(path, { mode: 0o755 });
    const write = (file: string, text: string) => host.writeFile(file, `${text}\n`, { mode: 0o644, durable: false });
    await write(join(place, 'gitdir'), join(path, '.git'));
    await write(join(place, 'commondir'), '../..');
    await write(join(place, 'HEAD'), `ref: refs/heads/${branch}`);
    await write(join(path, '.git'), `gitdir: ${place}`);
    await this.#git(['read-tree', '--empty']);
    await this.#git(['read-tree', '-m', '-u', base]).catch((cause: OptioError) => {
      const remedy = 'Where objects are missing, fetch them with your own git first: ours fetches nothing.';
      throw new OptioError('git-failed', cause.message, { ...cause.details, cause, remedy });
    });
    // With its times: git compares them with those of the files.
    await host.run(['cp', '-p', '--', join(this.record.repository.directory, 'index'), join(place, 'index')]);
  }

  async #commit(tree: string, parent: string, message: string): Promise<string> {
    const settings = await this.#identity();
    const args = ['commit-tree', tree, '-p', parent, '-m', message.trim()] as const;
    return (await this.#repository.git(this.path, args, { settings })).trim();
  }

  async #ignored(): Promise<string | undefined> {
    const ignored = await this.#git(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory']);
    return ignored === '' ? undefined : 'it holds files that .gitignore keeps out of the commit';
  }

  /** Another process has removed the working copy, and died; what it has kept is on the branch. */
  async #finishedBefore(): Promise<KeptWork> {
    await this.#remove();
    const { branch, base } = this.record;
    const commit = await this.#tip();
    return commit && commit !== base ? { branch, commit } : {};
  }

  /** The last commit of the branch; undefined when there is no branch. */
  #tip(): Promise<string | undefined> {
    return this.#repository.commitOf(`refs/heads/${this.record.branch}`);
  }

  /** First out of the way in one step: half a working copy would look like work that deletes the other half. */
  async #remove(): Promise<void> {
    const [host, aside] = [this.#host, `${this.path}.removed`];
    if (await host.exists(this.path)) await host.move(this.path, aside);
    await host.removeDirectory(aside);
    await host.removeDirectory(this.#place);
    // As git does with the last one; it takes only what is empty.
    await host.run(['rmdir', '--', join(this.#place, '..')], { anyExitCode: true });
  }

  /** Where the repository keeps what it knows of the worktree. */
  get #place(): string {
    return join(this.record.repository.shared, 'worktrees', this.record.name);
  }

  /** Settings with our name and address, where git does not know the user's own. */
  async #identity(): Promise<string[]> {
    const settings = ['user.name=optio-codex', 'user.email=optio-codex@localhost'];
    const known = await Promise.all(
      settings.map((setting) => this.#git(['config', setting.slice(0, setting.indexOf('='))]).catch(() => '')),
    );
    return settings.filter((_, index) => known[index]?.trim() === '');
  }

  #git(args: readonly [string, ...string[]]): Promise<string> {
    return this.#repository.git(this.path, args);
  }

  #inRoot(args: readonly [string, ...string[]]): Promise<string> {
    return this.#repository.git(this.repository, args);
  }
}

/** How many changes of the user's working copy are not committed, by its index. */
async function countChanges(host: Host, repository: PrivateRepository, root: string): Promise<number> {
  const { directory, gitDir } = repository.record;
  await host.run(['cp', '-p', '--', join(gitDir, 'index'), join(directory, 'index')], { anyExitCode: true });
  // An index may have its larger part in a file beside it.
  const parts = ['-maxdepth', '1', '-name', 'sharedindex.*', '-exec', 'ln', '-s', '-f', '--', '{}', directory, ';'];
  await host.run(['find', gitDir, ...parts]);
  const status = await repository.git(root, ['status', '--porcelain', '--ignore-submodules=all']);
  return status.split('\n').filter((line) => line !== '').length;
}

function branchName(runId: string): string {
  return `optio-codex/${runId}`;
}
