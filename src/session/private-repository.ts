import { join, resolve } from 'node:path';
import { z } from 'zod';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { git } from './git.ts';

/** What of a repository's own settings says what its files are, and names no program. */
const HARMLESS_NAMES = [
  'core\\.(autocrlf|eol|safecrlf|filemode|symlinks|ignorecase|precomposeunicode|bigfilethreshold)',
  'core\\.(excludesfile|attributesfile|sparsecheckout|sparsecheckoutcone)',
  '(user|author|committer)\\.(name|email)',
  'lfs\\.storage',
];

export interface PrivateRepositoryOptions {
  readonly host: Host;
  /** The root of the user's repository. */
  readonly root: string;
  /** Where ours is to be: no agent may write there. */
  readonly directory: string;
}

export const privateRepositoryRecordSchema = z.object({
  directory: z.string(),
  /** What all working copies of the user's repository share: its `.git`, as a rule. */
  shared: z.string(),
  /** Where the working copy at the root has its index. */
  gitDir: z.string(),
  /** For every git of ours in it. */
  settings: z.array(z.string()),
});
export type PrivateRepositoryRecord = z.infer<typeof privateRepositoryRecordSchema>;

/**
 * The user's repository without its configuration: a repository of ours whose objects and branches are the user's, by
 * links. A repository, or an agent in it, can make git run programs in more ways than anybody can list (filters, hooks,
 * monitors, helpers, what a missing object is fetched with, whatever a newer git adds), and all of them are named in its
 * configuration. In here git does not know that there is one. What the user has configured for all repositories holds.
 */
export class PrivateRepository {
  readonly record: PrivateRepositoryRecord;
  readonly #host: Host;

  /** One that is there already. */
  constructor(host: Host, record: PrivateRepositoryRecord) {
    this.#host = host;
    this.record = record;
  }

  /** Makes it, or makes it anew. Throws `workspace-refused` when the repository has no commit, or `git-failed`. */
  static async make({ host, root, directory }: PrivateRepositoryOptions): Promise<PrivateRepository> {
    // Nothing but this reads the user's repository as it is: names of directories, the id of a commit, settings. None of
    // that makes git run a program, nor look for an object, which it might have to fetch.
    const where = ['--path-format=absolute', '--git-dir', '--git-common-dir', '--show-object-format'];
    const [gitDir = '', shared = '', format = ''] = (await git(host, root, ['rev-parse', ...where])).split('\n');
    const head = await git(host, root, ['rev-parse', '--verify', '--quiet', 'HEAD']).catch((cause: unknown) => {
      throw new OptioError('workspace-refused', `the repository ${root} has no commit yet`, {
        cause,
        remedy: 'Commit first.',
      });
    });
    const settings = await harmlessSettings(host, root, shared);

    await host.makeDirectory(join(directory, 'info'));
    const isUsual = format === 'sha1';
    const extensions = isUsual ? '' : `[extensions]\n  objectFormat = ${format}\n`;
    const config = `[core]\n  repositoryFormatVersion = ${isUsual ? 0 : 1}\n  bare = false\n${extensions}`;
    await host.writeFile(join(directory, 'config'), config, { durable: false });
    await host.writeFile(join(directory, 'HEAD'), head, { durable: false });
    const always = ['objects', 'refs', 'packed-refs', 'worktrees'].map((name) => join(shared, name));
    await link(host, [...always, ...(await present(host, shared, ['logs', 'shallow']))], directory);
    const info = [
      ...(await present(host, shared, ['info/exclude', 'info/attributes'])),
      ...(await present(host, gitDir, ['info/sparse-checkout'])),
    ];
    await link(host, info, join(directory, 'info'));
    return new PrivateRepository(host, { directory, shared, gitDir, settings });
  }

  /** The commit that the user's working copy is at. */
  async head(): Promise<string> {
    return (await this.git(this.record.directory, ['rev-parse', '--verify', 'HEAD'])).trim();
  }

  /** Runs git in it, on the files of this directory. Throws `git-failed`. */
  git(
    files: string,
    args: readonly [verb: string, ...rest: string[]],
    options: { readonly settings?: readonly string[]; readonly input?: string } = {},
  ): Promise<string> {
    const settings = [...this.record.settings, ...(options.settings ?? [])];
    return git(this.#host, files, args, { ...options, gitDir: this.record.directory, settings });
  }

  /** The commit that a name stands for; undefined when there is none. */
  async commitOf(name: string): Promise<string | undefined> {
    const args = ['rev-parse', '--verify', '--quiet', `${name}^{commit}`] as const;
    const commit = await this.git(this.record.directory, args).catch(() => '');
    return commit.trim() || undefined;
  }
}

async function harmlessSettings(host: Host, root: string, shared: string): Promise<string[]> {
  const args = ['config', '--null', '--get-regexp', `^(${HARMLESS_NAMES.join('|')})$`] as const;
  const listed = await git(host, root, args).catch((error: OptioError) => {
    if (error.details.exitCode === 1) return ''; // there is none
    throw error;
  });
  const settings = listed.split('\0').flatMap((entry) => {
    const [name = '', ...lines] = entry.split('\n');
    if (name === '') return [];
    const value = lines.join('\n');
    if (name === 'lfs.storage') return [`${name}=${resolve(shared, value)}`];
    return [lines.length === 0 ? name : `${name}=${value}`];
  });
  // What git-lfs has stored, and will store, is the user's.
  return [`lfs.storage=${join(shared, 'lfs')}`, ...settings];
}

async function present(host: Host, directory: string, names: readonly string[]): Promise<string[]> {
  const paths = names.map((name) => join(directory, name));
  const exist = await Promise.all(paths.map((path) => host.exists(path)));
  return paths.filter((_, index) => exist[index]);
}

async function link(host: Host, paths: readonly string[], directory: string): Promise<void> {
  if (paths.length > 0) await host.run(['ln', '-s', '-f', '-n', '--', ...paths, directory]);
}
