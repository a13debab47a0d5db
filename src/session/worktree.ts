import { z } from 'zod';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { findGitRoot, git, withoutOwnFilters } from './git.ts';

export interface WorktreeOptions {
  readonly host: Host;
  /** A directory in the repository. */
  readonly repository: string;
  /** Where the worktree is to be. */
  readonly path: string;
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
  /** Found before the agent came: afterwards the worktree's own `.git` may say anything. */
  gitDir: z.string(),
  /** The commit that it began with. */
  base: z.string(),
  /** What is not committed in the repository and therefore not here: how many changes. */
  dirty: z.number(),
  /** For every git of ours in this repository. */
  settings: z.array(z.string()),
});
export type WorktreeRecord = z.infer<typeof worktreeRecordSchema>;

/** A second working copy of a repository, on a branch of its own. */
export class Worktree {
  readonly record: WorktreeRecord;
  readonly #host: Host;

  /** One that is there already. */
  constructor(host: Host, record: WorktreeRecord) {
    this.#host = host;
    this.record = record;
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
    const { host, path } = options;
    const root = await findGitRoot(host, options.repository);
    if (!root) {
      throw notInRepository(options.repository);
    }
    const settings = await withoutOwnFilters(host, root);
    const status = await git(host, root, ['status', '--porcelain'], { settings }).catch((cause: OptioError) => {
      // What is called `.git` may be anything, such as an empty directory.
      throw /not a git repository/.test(cause.message) ? notInRepository(options.repository, cause) : cause;
    });
    const dirty = status.split('\n').filter((line) => line !== '').length;
    const head = await git(host, root, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch((cause: unknown) => {
      throw new OptioError('workspace-refused', `the repository ${root} has no commit yet`, {
        cause,
        remedy: 'Commit first.',
      });
    });
    const base = head.trim();
    const branch = branchName(options.runId);
    await git(host, root, ['worktree', 'add', '--quiet', '-b', branch, path, base], { settings });
    const gitDir = (await git(host, path, ['rev-parse', '--absolute-git-dir'])).trim();
    return new Worktree(host, { path, branch, root, gitDir, base, dirty, settings });
  }

  /** Takes back one that was made, maybe by halves, by a process that died before anybody knew of it. */
  static async discardLeftover({ host, repository, path, runId }: WorktreeOptions): Promise<void> {
    const root = await findGitRoot(host, repository);
    if (!root) return;
    const settings = await withoutOwnFilters(host, root);
    const record = { path, branch: branchName(runId), root, gitDir: '', base: '', dirty: 0, settings };
    await new Worktree(host, record).discard();
  }

  /** Commits everything there is, and removes the working copy unless something in it is not in the commit. */
  async finish(title: string, runId: string): Promise<KeptWork> {
    if (!(await this.#host.exists(this.path))) return this.#finishedBefore();
    const refused = await this.#addAll();
    if ((await this.#git(['write-tree'])) !== (await this.#git(['rev-parse', 'HEAD^{tree}']))) {
      const message = `${title}\n\nOptio-Run: ${runId}`;
      // To git a repository that was added is no change, with the settings that we run it with.
      const flags = ['--quiet', '--no-verify', '--allow-empty', '--message', message];
      await this.#git(['commit', ...flags], await this.#identity());
    }
    const commit = await this.#workOnTop();
    const keptBecause = refused ?? (await this.#uncommitted());
    if (commit) await this.#inRepository(['update-ref', `refs/heads/${this.record.branch}`, commit]);
    if (!keptBecause) await (commit ? this.#remove() : this.discard());
    return { ...(commit && { branch: this.record.branch, commit }), ...(keptBecause && { keptBecause }) };
  }

  /** Takes everything back, for a run that never began or changed nothing. */
  async discard(): Promise<void> {
    await this.#remove();
    if (await this.#tip()) await this.#inRepository(['branch', '--delete', '--force', this.record.branch]);
  }

  /** Stages everything. Gives what git would not take, such as a repository without a commit. */
  async #addAll(): Promise<string | undefined> {
    try {
      await this.#git(['add', '--all', '--ignore-errors']);
      return undefined;
    } catch (error) {
      if (!(error instanceof OptioError) || error.details.exitCode !== 1) throw error;
      return `git did not take all of it (${error.details.stderr})`;
    }
  }

  /** The last commit, the agent's own ones included, wherever it left HEAD; undefined when there is none but the first. */
  async #workOnTop(): Promise<string | undefined> {
    for (const name of ['HEAD', `refs/heads/${this.record.branch}`]) {
      const commit = (await this.#git(['rev-parse', '--verify', name])).trim();
      if (commit !== this.record.base) return commit;
    }
    return undefined;
  }

  async #uncommitted(): Promise<string | undefined> {
    const ignored = await this.#git(['ls-files', '--others', '--ignored', '--exclude-standard', '--directory']);
    if (ignored !== '') return 'it holds files that .gitignore keeps out of the commit';
    // A repository inside the repository is committed as a mere pointer to it.
    const index = await this.#git(['ls-files', '--stage', '-z']);
    for (const [, path] of index.matchAll(/(?<=^|\0)160000 \w+ \d\t([^\0]+)/g)) {
      if (await this.#host.exists(`${this.path}/${path}/.git`)) return 'it holds a repository of its own';
    }
    return undefined;
  }

  /** Another process has removed the working copy, and died; what it has kept is on the branch. */
  async #finishedBefore(): Promise<KeptWork> {
    await this.#remove();
    const { branch, base } = this.record;
    const commit = await this.#tip();
    return commit && commit !== base ? { branch, commit } : {};
  }

  /** The last commit of the branch; empty when there is no branch. */
  async #tip(): Promise<string> {
    const args = ['rev-parse', '--verify', '--quiet', `refs/heads/${this.record.branch}`] as const;
    return (await this.#inRepository([...args]).catch(() => '')).trim();
  }

  /** First out of the way in one step: half a working copy would look like work that deletes the other half. */
  async #remove(): Promise<void> {
    const aside = `${this.path}.removed`;
    if (await this.#host.exists(this.path)) await this.#host.move(this.path, aside);
    await this.#host.removeDirectory(aside);
    await this.#inRepository(['worktree', 'prune']);
  }

  /** Settings with our name and address, where git does not know the user's own. */
  async #identity(): Promise<string[]> {
    const settings = ['user.name=optio-codex', 'user.email=optio-codex@localhost'];
    const known = await Promise.all(
      settings.map((setting) => this.#git(['config', setting.slice(0, setting.indexOf('='))]).catch(() => '')),
    );
    return settings.filter((_, index) => known[index]?.trim() === '');
  }

  #git(args: readonly [string, ...string[]], settings: readonly string[] = []): Promise<string> {
    return git(this.#host, this.path, args, {
      gitDir: this.record.gitDir,
      settings: [...this.record.settings, ...settings],
    });
  }

  #inRepository(args: readonly [string, ...string[]]): Promise<string> {
    return git(this.#host, this.repository, args, { settings: this.record.settings });
  }
}

function notInRepository(directory: string, cause?: unknown): OptioError {
  return new OptioError('workspace-refused', `${directory} is not in a git repository`, {
    cause,
    remedy: 'Run `git init` first, or leave out --worktree.',
  });
}

function branchName(runId: string): string {
  return `optio-codex/${runId}`;
}
