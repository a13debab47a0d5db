import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { OptioError } from './errors.ts';

/** Where optio-codex keeps its things, and how it is watched. */
export interface OptioConfig {
  /** Everything of ours that no command may read: private homes, locks. `OPTIO_CODEX_HOME`. */
  readonly dataDir: string;
  /** Where fresh workspaces and worktrees are made. `OPTIO_CODEX_WORKSPACES`. */
  readonly workspacesDir: string;
  /** A file that every message between us and codex is written to, logins left out. `OPTIO_CODEX_TRACE`. */
  readonly traceFile: string | undefined;
  /** OUR environment: where keys are looked for, and what codex gets an allow-listed part of. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface ConfigOptions {
  readonly dataDir?: string;
  readonly workspacesDir?: string;
  readonly traceFile?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Options before environment before defaults. Throws `invalid-config`. */
export function readConfig(options: ConfigOptions = {}): OptioConfig {
  const env = options.env ?? process.env;
  const home = env.HOME || homedir();
  const dataHome = env.XDG_DATA_HOME || join(home, '.local', 'share');
  const dataDir = pick([
    ['dataDir', options.dataDir],
    ['OPTIO_CODEX_HOME', env.OPTIO_CODEX_HOME],
    [env.XDG_DATA_HOME ? 'XDG_DATA_HOME' : 'HOME', join(dataHome, 'optio-codex')],
  ]);
  const workspacesDir = pick([
    ['workspacesDir', options.workspacesDir],
    ['OPTIO_CODEX_WORKSPACES', env.OPTIO_CODEX_WORKSPACES],
    ['dataDir', `${dataDir}-workspaces`],
  ]);
  return {
    dataDir,
    workspacesDir,
    traceFile: options.traceFile ?? (env.OPTIO_CODEX_TRACE || undefined),
    env,
  };
}

/** The first that is said, without a slash at its end, which would make `-workspaces` a directory within it. */
function pick(said: readonly (readonly [field: string, path: string | undefined])[]): string {
  const [field, path] = said.find(([, value]) => value) as [string, string];
  if (isAbsolute(path)) return resolve(path);
  throw new OptioError('invalid-config', `${field}: ${path} is not an absolute path`, {
    field,
    remedy: 'Start it with /.',
  });
}
