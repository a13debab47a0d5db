import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LocalHost } from '../../src/hosts/local.ts';
import { subdirectory, testDirectory } from './directories.ts';

/** A real repository, with a home of its own for git's settings. */
export interface Repository {
  readonly root: string;
  /** A host whose home is this one's. */
  readonly host: LocalHost;
  /** Where other things of the test may be. */
  readonly around: string;
  git(...args: string[]): string;
  /** Writes a file, relative to the root. */
  write(path: string, content: string): void;
}

export interface RepositoryOptions {
  /** What git knows of the user; nothing unless given. */
  readonly user?: { readonly name?: string; readonly email?: string };
  /** Leaves it without any commit. */
  readonly isEmpty?: boolean;
}

export function makeRepository({ user = {}, isEmpty = false }: RepositoryOptions = {}): Repository {
  const around = testDirectory('repository');
  const [home, root] = [subdirectory(around, 'home'), subdirectory(around, 'repository')];
  const lines = Object.entries(user).map(([name, value]) => `  ${name} = ${value}\n`);
  writeFileSync(join(home, '.gitconfig'), `[user]\n${lines.join('')}[init]\n  defaultBranch = main\n`);
  const env = { PATH: process.env.PATH ?? '', HOME: home };
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, env, stdio, encoding: 'utf8' }).trim();
  const write = (path: string, content: string) => writeInto(root, path, content);
  git('init', '--quiet');
  if (!isEmpty) {
    write('README.md', 'Read me.\n');
    git('add', '--all');
    git('-c', 'user.name=First', '-c', 'user.email=first@example.org', 'commit', '--quiet', '--message', 'First');
  }
  return { root, host: new LocalHost({ home }), around, git, write };
}

/** Writes a file below a directory, with the directories between. */
export function writeInto(root: string, path: string, content: string, mode = 0o644): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content, { mode });
}

/** A program that leaves a file behind when anybody runs it, and how to see whether somebody has. */
export function makeCanary(directory: string): { readonly program: string; hasSung(): boolean } {
  const song = join(directory, 'song');
  const program = join(directory, 'canary.sh');
  writeInto(directory, 'canary.sh', `#!/bin/sh\necho "$0 $*" >> '${song}'\n`, 0o755);
  const hasSung = () => {
    try {
      return readFileSync(song, 'utf8') !== '';
    } catch {
      return false;
    }
  };
  return { program, hasSung };
}
