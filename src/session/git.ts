import { dirname, join } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host, RunResult } from '../hosts/host.ts';

/** What the configuration of the user, or of a repository that is only asked something, could make git do besides. */
const HARMLESS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'submodule.recurse=false',
  'protocol.allow=never',
  'gc.auto=0',
  // Paths that hold more than ASCII are printed in quotes, as git reads them again: a name need not be UTF-8.
  'core.quotePath=true',
];

/** A checkout of a large repository takes its time. */
const DEADLINE_MS = 10 * 60 * 1000;
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

export interface GitOptions {
  /** The repository, where git is not to find it by itself; the working copy is then the directory that git runs in. */
  readonly gitDir?: string;
  /** More settings, each as `name=value`. */
  readonly settings?: readonly string[];
  /** What git reads on stdin; nothing unless given. */
  readonly input?: string;
}

/**
 * Runs git, without hooks. What else the configuration of a repository names still runs: only what `PrivateRepository`
 * asks may be asked of a repository that is not ours. Throws `git-failed` with what git said.
 */
export async function git(
  host: Host,
  cwd: string,
  args: readonly [verb: string, ...rest: string[]],
  options: GitOptions = {},
): Promise<string> {
  const settings = [...HARMLESS, ...(options.settings ?? [])].flatMap((setting) => ['-c', setting]);
  const place = options.gitDir ? [`--git-dir=${options.gitDir}`, `--work-tree=${cwd}`] : [];
  const limits = { deadlineMs: DEADLINE_MS, maxOutputBytes: MAX_OUTPUT_BYTES };
  const input = options.input === undefined ? {} : { input: options.input };
  const flags = ['--no-pager', '--no-optional-locks', ...settings, ...place];
  let result: RunResult;
  try {
    result = await host.run(['git', ...flags, ...args], { cwd, anyExitCode: true, ...limits, ...input });
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

/** The root of the repository around a directory, as Codex looks for it; undefined outside of any. */
export async function findGitRoot(host: Host, directory: string): Promise<string | undefined> {
  for (let candidate = directory; ; candidate = dirname(candidate)) {
    if (await host.exists(join(candidate, '.git'))) return candidate;
    if (candidate === dirname(candidate)) return undefined;
  }
}
