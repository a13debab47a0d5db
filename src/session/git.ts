import { dirname, join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host, RunResult } from '../hosts/host.ts';

/** What a repository could otherwise make git run on our behalf, outside any sandbox. */
const HARMLESS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'diff.ignoreSubmodules=all',
  'submodule.recurse=false',
  'gc.auto=0',
];

/** A checkout of a large repository takes its time. */
const DEADLINE_MS = 10 * 60 * 1000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface GitOptions {
  /** The repository, where git is not to find it by itself; the working copy is then the directory that git runs in. */
  readonly gitDir?: string;
  /** More settings, each as `name=value`. */
  readonly settings?: readonly string[];
}

/** Runs git so that neither hooks nor helpers of the repository run. Throws `git-failed` with what git said. */
export async function git(
  host: Host,
  cwd: string,
  args: readonly [verb: string, ...rest: string[]],
  options: GitOptions = {},
): Promise<string> {
  const settings = [...HARMLESS, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const place = options.gitDir ? [`--git-dir=${options.gitDir}`, `--work-tree=${cwd}`] : [];
  const limits = { deadlineMs: DEADLINE_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
  let result: RunResult;
  try {
    result = await host.run(['git', ...settings, ...place, ...args], { cwd, anyExitCode: true, ...limits });
  } catch (cause) {
    throw new OptioError('git-failed', `git ${args[0]} could not be run: ${(cause as Error).message}`, {
      cause,
      remedy: 'Check that git is installed.',
    });
  }
  const { exitCode, stdout, stderr } = result;
  if (exitCode === 0 && !result.isTruncated) return stdout;
  const said = result.isTruncated ? 'it says too much' : stderr.trim();
  throw new OptioError('git-failed', `git ${args[0]} failed: ${said}`, { exitCode, stderr: said });
}

/**
 * Settings that turn off the filters of a repository's own configuration, which are programs that git runs whenever it
 * reads or writes a file. The user's own ones stay.
 */
export async function withoutOwnFilters(host: Host, repository: string): Promise<string[]> {
  const args = ['config', '--includes', '--show-scope', '--name-only', '--get-regexp', '^filter\\.'] as const;
  const listed = await git(host, repository, args).catch((error: OptioError) => {
    if (error.details.exitCode === 1) return ''; // there is none
    throw error;
  });
  const own = [...listed.matchAll(/^(?:local|worktree)\t(filter\..+)\.[^.\n]+$/gm)].map(([, filter]) => filter);
  return [...new Set(own)].flatMap((filter) => [
    `${filter}.clean=`,
    `${filter}.smudge=`,
    `${filter}.process=`,
    `${filter}.required=false`,
  ]);
}

/** The root of the repository around a directory, as Codex looks for it; undefined outside of any. */
export async function findGitRoot(host: Host, directory: string): Promise<string | undefined> {
  for (let candidate = directory; ; candidate = dirname(candidate)) {
    if (await host.exists(join(candidate, '.git'))) return candidate;
    if (candidate === dirname(candidate)) return undefined;
  }
}
