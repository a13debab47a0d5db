import type { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { PrivateRepository } from './private-repository.ts';

/** So many files that cannot be read are left out; with more than that something else is wrong. */
const MAX_UNREADABLE = 100;

export interface StageOptions {
  readonly host: Host;
  readonly repository: PrivateRepository;
  /** The working copy. */
  readonly path: string;
  /** The commit that the work is to be on top of. */
  readonly base: string;
}

export interface Staged {
  /** The tree of all files. */
  readonly tree: string;
  /** What is not in it, in words. */
  readonly leftOut?: string;
}

/**
 * Makes a tree of the files in a working copy. A repository within it, a submodule too, is left as the commit has it:
 * `git add` and `git status` look into one by running git there, which runs what its configuration names, and that is
 * the agent's. `ls-files` and `update-index` run nothing. Throws `git-failed`.
 */
export async function stage({ host, repository, path, base }: StageOptions): Promise<Staged> {
  const git = (args: readonly [string, ...string[]], input?: string) =>
    repository.git(path, args, input === undefined ? {} : { input });
  // What it knows of files that are as they were stays: those are not read again.
  await git(['read-tree', '-m', '-i', base]);
  const modules = await readModules(git);
  // Paths stay as git prints them, in quotes where they need some: a name need not be UTF-8.
  const listed = await git(['ls-files', '-t', '--others', '--modified', '--deleted', '--exclude-standard']);
  const found = listed.split('\n').flatMap((line) => (line === '' ? [] : [{ tag: line[0], name: line.slice(2) }]));
  const withTag = (wanted: string) => new Set(found.flatMap(({ tag, name }) => (tag === wanted ? [name] : [])));
  const [others, changed, deleted] = [withTag('?'), withTag('C'), withTag('R')];
  const tracked = [...changed, ...deleted].filter((name) => !modules.has(name) || deleted.has(name));
  const files = [...others].filter((name) => !isDirectory(name));
  // First what a directory may have taken the place of: it goes by its name, while the index still has it.
  const unreadable = await update(git, new Set([...tracked.filter((name) => !isBelow(name, others)), ...files]));

  // A repository in the place of a file may have become a pointer all the same.
  const pointers = [...(await readModules(git))].filter((name) => !modules.has(name));
  if (pointers.length > 0) await git(['update-index', '--force-remove', '--stdin'], `${pointers.join('\n')}\n`);
  const left = (await git(['ls-files', '--others', '--exclude-standard'])).split('\n').filter((name) => name !== '');
  const repositories = left.filter((name) => isDirectory(name));
  for (const name of modules) {
    if (deleted.has(name)) continue;
    const { files: held } = await host.listFiles(`${path}/${unquoted(name)}`, { skip: [], limit: 1 });
    if (changed.has(name) || held.size > 0) repositories.push(name);
  }
  const missed = [...new Set([...unreadable, ...left.filter((name) => !isDirectory(name))])];
  const tree = (await git(['write-tree'])).trim();
  const leftOut = [
    ...(repositories.length > 0 ? [`it holds a repository of its own (${some(repositories)})`] : []),
    ...(missed.length > 0 ? [`git did not take all of it (${some(missed)})`] : []),
  ].join(', and ');
  return { tree, ...(leftOut !== '' && { leftOut }) };
}

type Git = (args: readonly [string, ...string[]], input?: string) => Promise<string>;

/** The paths that the index has for repositories. */
async function readModules(git: Git): Promise<Set<string>> {
  const index = await git(['ls-files', '--stage']);
  return new Set([...index.matchAll(/^160000 \w+ \d\t(.+)$/gm)].map(([, name = '']) => name));
}

/** Takes the files into the index as they are, or out of it. Gives those that git could not read. */
async function update(git: Git, files: Set<string>): Promise<string[]> {
  const unreadable: string[] = [];
  for (;;) {
    try {
      if (files.size > 0) {
        await git(['update-index', '--add', '--remove', '--replace', '--stdin'], `${[...files].join('\n')}\n`);
      }
      return unreadable;
    } catch (error) {
      const { stderr } = (error as OptioError).details ?? {};
      const [, name] = /Unable to process path (.+)$/m.exec(String(stderr)) ?? [];
      const culprit = [...files].find((file) => name !== undefined && unquoted(file) === name);
      if (culprit === undefined || unreadable.length >= MAX_UNREADABLE) throw error;
      files.delete(culprit);
      unreadable.push(culprit);
    }
  }
}

/** Git prints a repository that it does not know as a directory. */
function isDirectory(name: string): boolean {
  return /\/"?$/.test(name);
}

/** Something that is no directory has taken the place of one above: it goes with that. */
function isBelow(name: string, others: ReadonlySet<string>): boolean {
  const plain = name.replace(/^"|"$/g, '');
  for (let at = plain.indexOf('/'); at !== -1; at = plain.indexOf('/', at + 1)) {
    const above = plain.slice(0, at);
    if (others.has(above) || others.has(`"${above}"`)) return true;
  }
  return false;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** A path as it is on the disk. */
function unquoted(name: string): string {
  if (!name.startsWith('"')) return name;
  const bytes: number[] = [];
  for (const [, octal, escaped, plain = ''] of name.slice(1, -1).matchAll(/\\(\d{3})|\\(.)|([^\\])/g)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8));
    else bytes.push(escaped === undefined ? plain.charCodeAt(0) : (ESCAPES[escaped] ?? escaped.charCodeAt(0)));
  }
  return Buffer.from(bytes).toString('utf8');
}

function some(names: readonly string[]): string {
  const more = names.length > 3 ? `, and ${names.length - 3} more` : '';
  return `${names.slice(0, 3).join(', ')}${more}`;
}
