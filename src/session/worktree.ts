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

interface Found {
  readonly root: string;
  readonly gitDir: string;
  readonly base: string;
  readonly dirty: number;
  /** For every git of ours in this repository. */
  readonly settings: readonly string[];
}

/** A second working copy of a repository, on a branch of its own. */
export class Worktree {
  readonly path: string;
  /** The root of the repository that it is of. */
  readonly repository: string;
  readonly branch: string;
  /** What is not committed in the repository and therefore not here. */
  readonly leftBehind: number;
  readonly #host: Host;
  /** Found before the agent came: afterwards the worktree's own `.git` may say anything. */
  readonly #gitDir: string;
  /** The commit that it began with. */
  readonly #base: string;
  readonly #settings: readonly string[];

  private constructor(options: WorktreeOptions, found: Found) {
    this.#host = options.host;
    this.path = options.path;
    this.branch = branchName(options.runId);
    this.repository = found.root;
    this.#gitDir = found.gitDir;
    this.#base = found.base;
    this.#settings = found.settings;
    this.leftBehind = found.dirty;
  }

  /** Makes the branch and the working copy. Throws `workspace-refused` outside of a repository, or `git-failed`. */
  static async create(options: WorktreeOptions): Promise<Worktree> {
    const { host, path } = options;
    const root = await findGitRoot(host, options.repository);
    if (!root) {
      throw new OptioError('workspace-refused', `${options.repository} is in no git repository`, {
        remedy: 'Run git init and commit first, or work in the directory itself.',
      });
    }
    const settings = await withoutOwnFilters(host, root);
    const status = await git(host, root, ['status', '--porcelain'], { settings });
    const dirty = status.split('\n').filter((line) => line !== '').length;
    const head = await git(host, root, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch((cause: unknown) => {
      throw new OptioError('workspace-refused', `the repository ${root} has no commit yet`, {
        cause,
        remedy: 'Commit first.',
      });
    });
    const base = head.trim();
    await git(host, root, ['worktree', 'add', '--quiet', '-b', branchName(options.runId), path, base], { settings });
    const gitDir = (await git(host, path, ['rev-parse', '--absolute-git-dir'])).trim();
    return new Worktree(options, { root, gitDir, base, dirty, settings });
  }

  /** Commits everything there is, and removes the working copy unless something in it is not in the commit. */
  async finish(title: string, runId: string): Promise<KeptWork> {
    const refused = await this.#addAll();
    if ((await this.#git(['write-tree'])) !== (await this.#git(['rev-parse', 'HEAD^{tree}']))) {
      const message = `${title}\n\nOptio-Run: ${runId}`;
      // To git a repository that was added is no change, with the settings that we run it with.
      const flags = ['--quiet', '--no-verify', '--allow-empty', '--message', message];
      await this.#git(['commit', ...flags], await this.#identity());
    }
    const commit = await this.#workOnTop();
    const keptBecause = refused ?? (await this.#uncommitted());
    if (commit) await this.#inRepository(['update-ref', `refs/heads/${this.branch}`, commit]);
    if (!keptBecause) await (commit ? this.#remove() : this.discard());
    return { ...(commit && { branch: this.branch, commit }), ...(keptBecause && { keptBecause }) };
  }

  /** Takes everything back, for a run that never began or changed nothing. */
  async discard(): Promise<void> {
    await this.#remove();
    await this.#inRepository(['branch', '--delete', '--force', this.branch]);
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
    for (const name of ['HEAD', `refs/heads/${this.branch}`]) {
      const commit = (await this.#git(['rev-parse', '--verify', name])).trim();
      if (commit !== this.#base) return commit;
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

  async #remove(): Promise<void> {
    await this.#host.removeDirectory(this.path);
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
    return git(this.#host, this.path, args, { gitDir: this.#gitDir, settings: [...this.#settings, ...settings] });
  }

  #inRepository(args: readonly [string, ...string[]]): Promise<string> {
    return git(this.#host, this.repository, args, { settings: this.#settings });
  }
}

function branchName(runId: string): string {
  return `optio-codex/${runId}`;
}
