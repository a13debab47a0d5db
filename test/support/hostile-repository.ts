import { appendFileSync, chmodSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { subdirectory } from './directories.ts';
import { makeCanary, makeRepository, type Repository, writeInto } from './repository.ts';
import { IDENTITY } from './worktree.ts';

/** A repository in which a file can be changed without a trace in its size and time, and a canary. */
export interface HostileRepository extends Repository, ReturnType<typeof makeCanary> {
  /** Forgets that the program ran, while the test was made. */
  silence(): void;
}

/** Every kind of filter, which git runs on the content of files; what it says is of no use. */
const FILTERS = ['clean', 'smudge', 'process'] as const;

/** Commits whatever is there, with plain git. */
export function commitAll({ git }: Pick<Repository, 'git'>, directory: string, message = 'More'): void {
  git('-C', directory, 'add', '--all');
  git('-C', directory, ...IDENTITY, 'commit', '--quiet', '--allow-empty', '--message', message);
}

/** A repository with files that have the attribute `filter=x`, which nothing defines yet. */
export function makeHostile(): HostileRepository {
  const repository = makeRepository();
  repository.write('.gitattributes', '*.txt filter=x diff=x\n');
  repository.write('a.txt', 'a');
  commitAll(repository, repository.root);
  const silence = () => rmSync(join(repository.around, 'song'), { force: true });
  return { ...repository, ...makeCanary(repository.around), silence };
}

/** Settings that make git run the program, as lines of a configuration. */
export function evilSettings(program: string): string {
  const filters = FILTERS.map((kind) => `  ${kind} = ${program} ${kind}\n`).join('');
  return `[filter "x"]\n${filters}[core]\n  fsmonitor = ${program}\n  pager = ${program}\n  sshCommand = ${program}\n`;
}

/** Writes the evil settings into a file, and adds something to the configuration of the repository. */
export function addToConfig(repository: HostileRepository, text: string, shared = join(repository.root, '.git')): void {
  writeFileSync(join(shared, 'evil.inc'), evilSettings(repository.program));
  appendFileSync(join(shared, 'config'), `\n${text}\n`);
}

/** Changes a file so that neither its size nor its time tells. */
export function changeUnseen(file: string, content: string): void {
  const { size, atime, mtime } = statSync(file);
  if (Buffer.byteLength(content) !== size) throw new Error('it would be seen by its size');
  writeFileSync(file, content);
  utimesSync(file, atime, mtime);
}

/** Makes a repository at a place in which whatever plain git does there runs the program. */
export function makeEvilInner({ git, program }: HostileRepository, directory: string): string {
  subdirectory(directory);
  git('-C', directory, 'init', '--quiet');
  writeInto(directory, 'a.txt', 'a');
  commitAll({ git }, directory, 'Inner');
  return poison({ git, program }, directory);
}

/** The same to a repository that is there, with a file `a.txt` that holds one letter. */
export function poison({ git, program }: Pick<HostileRepository, 'git' | 'program'>, directory: string): string {
  writeInto(directory, '.gitattributes', '* filter=x\n');
  for (const kind of FILTERS) git('-C', directory, 'config', `filter.x.${kind}`, program);
  git('-C', directory, 'config', 'core.fsmonitor', program);
  changeUnseen(join(directory, 'a.txt'), 'b');
  return directory;
}

/** Puts the program in the place of all hooks. */
export function plantHooks(directory: string, program: string): void {
  const names = [
    'post-checkout',
    'pre-commit',
    'prepare-commit-msg',
    'commit-msg',
    'post-commit',
    'reference-transaction',
    'post-index-change',
    'pre-auto-gc',
  ];
  for (const name of names) {
    writeInto(directory, name, `#!/bin/sh\nexec '${program}' ${name}\n`);
    chmodSync(join(directory, name), 0o755);
  }
}
