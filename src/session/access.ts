import { join, resolve } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';
import type { SessionConfig } from './config.ts';

/** Where logins and keys lie in a home directory. No command may read there, whatever else it is allowed. */
const PRIVATE = ['.codex', '.ssh', '.aws', '.gnupg', '.config/gcloud', '.netrc', '.docker'];

/** What the commands of one run may reach, in real paths. */
export interface Access {
  readonly denied: readonly string[];
  readonly writable: readonly string[];
  readonly readable: readonly string[];
}

export interface AccessOptions {
  readonly host: Host;
  readonly config: SessionConfig;
  /** The user's real home on the host. */
  readonly home: string;
  readonly dataDir: string;
  readonly workspace: string;
  /** Directories of ours that commands may write. */
  readonly ours: readonly string[];
  /** A place where the user keeps Codex's files, other than `~/.codex`. */
  readonly userCodexHome: string | undefined;
}

/** Works out the paths. Throws `workspace-refused` when the workspace lies within what is denied. */
export async function planAccess(options: AccessOptions): Promise<Access> {
  const { host, config, home } = options;
  const denied = await realPaths(host, [
    options.dataDir,
    ...PRIVATE.map((name) => join(home, name)),
    ...(options.userCodexHome ? [options.userCodexHome] : []),
    ...(config.deniedPaths ?? []).map((path) => expand(home, path)),
  ]);
  const around = denied.find((path) => isWithin(path, options.workspace));
  if (around !== undefined) {
    throw new OptioError('workspace-refused', `${options.workspace} lies within ${around}, which no command may read`, {
      remedy: 'Work in another directory.',
    });
  }
  const writable: string[] = [...options.ours];
  const readable: string[] = [];
  for (const { path, mode } of config.allowedDirs ?? []) {
    const real = await allowedPath(host, expand(home, path), denied);
    if (mode.startsWith('rw')) writable.push(real);
    else readable.push(real);
  }
  for (const path of [...denied, ...writable, ...readable]) refusePatterns(path);
  return { denied, writable, readable };
}

/** Codex reads these characters as a pattern, and a denied path that does not mean itself protects nothing. */
function refusePatterns(path: string): void {
  if (!/[*?[\]{}]/.test(path)) return;
  throw new OptioError('path-refused', `${path} has characters that Codex's sandbox would read as a pattern`, {
    remedy: 'Use a path without * ? [ ] { and }.',
  });
}

async function allowedPath(host: Host, path: string, denied: readonly string[]): Promise<string> {
  const real = await host.realPath(path);
  if (!real) {
    const remedy = 'Check the path, or make the directory first.';
    throw new OptioError('invalid-config', `allowedDirs: there is no ${path}`, { field: 'allowedDirs', remedy });
  }
  const around = denied.find((candidate) => isWithin(candidate, real));
  if (!around) return real;
  throw new OptioError('invalid-config', `allowedDirs: ${path} lies within ${around}, which no command may read`, {
    field: 'allowedDirs',
    remedy: 'Keep logins and what the agent needs apart.',
  });
}

/**
 * Codex wants real paths: it fails to mount over a link. What does not exist yet is denied all the same, where it would
 * come to be.
 */
async function realPaths(host: Host, paths: readonly string[]): Promise<string[]> {
  const real = await Promise.all(paths.map((path) => host.resolveInside('/', path).catch(() => resolve(path))));
  return [...new Set(real)];
}

function expand(home: string, path: string): string {
  return path.startsWith('~/') ? join(home, path.slice(2)) : path;
}
