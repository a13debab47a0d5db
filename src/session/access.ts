import { join, resolve } from 'node:path';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';
import { findAnchors } from './anchors.ts';
import type { SessionConfig } from './config.ts';
import { planMasks } from './masks.ts';
import { namedSockets, usualSockets } from './sockets.ts';

/** Where logins and keys lie in a home directory. No command may read there, whatever else it is allowed. */
const PRIVATE = ['.codex', '.ssh', '.aws', '.gnupg', '.config/gcloud', '.netrc', '.docker'];

/** What the commands of one run may reach, in real paths. */
export interface Access {
  readonly denied: readonly string[];
  readonly writable: readonly string[];
  readonly readable: readonly string[];
}

export interface PlannedAccess extends Access {
  /** What of the denied paths is missing; see `removeMasks`. */
  readonly missing: readonly string[];
  /** What a person should know of it. */
  readonly warnings: readonly string[];
}

export interface AccessOptions {
  readonly host: Host;
  readonly config: SessionConfig;
  /** The user's real home on the host. */
  readonly home: string;
  readonly dataDir: string;
  readonly workspace: string;
  /** What codex executes and reads of itself. */
  readonly packageDir: string;
  /** Directories of ours that commands may write. */
  readonly ours: readonly string[];
  /** Our own environment: it may name another place of Codex's files than `~/.codex`, and sockets. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Works out the paths. Throws `workspace-refused` when the workspace lies within what is denied, or around logins. */
export async function planAccess(options: AccessOptions): Promise<PlannedAccess> {
  const { host, config, env, home, workspace } = options;
  const places = [options.dataDir, ...PRIVATE.map((name) => join(home, name))];
  const ours = await realPaths(host, [...places, ...(env.CODEX_HOME ? [env.CODEX_HOME] : [])]);
  const theirs = await realPaths(
    host,
    (config.deniedPaths ?? []).map((path) => expand(home, path)),
  );
  const closed = outermost([...ours, ...theirs, ...(await usualSockets(host))]);
  const around = closed.find((path) => isWithin(path, workspace));
  if (around !== undefined) {
    throw new OptioError('workspace-refused', `${workspace} lies within ${around}, which no command may read`, {
      remedy: 'Work in another directory.',
    });
  }
  const held = ours.find((path) => isWithin(workspace, path));
  if (held !== undefined) {
    throw new OptioError('workspace-refused', `${workspace} holds ${held}, which no command may touch`, {
      remedy: 'Work in a directory of its own, such as one below it.',
    });
  }
  const writable: string[] = [...options.ours];
  const readable: string[] = [];
  for (const { path, mode } of config.allowedDirs ?? []) {
    const isWritable = mode.startsWith('rw');
    const real = await allowedPath(host, expand(home, path), closed, isWritable ? ours : []);
    if (isWritable) host.distrust(real);
    (isWritable ? writable : readable).push(real);
  }
  const needed = [(await host.realPath(home)) ?? home, ...readable];
  const named = await namedSockets({ host, env, needed, writable: [workspace, ...writable] });
  const { denied: planned, missing } = await planMasks(host, [...closed, ...named], theirs);
  const denied = outermost(planned);
  for (const path of [...denied, ...writable, ...readable]) refusePatterns(path);
  const warnings = await missingPaths(host, theirs, [workspace, ...writable]);
  const everywhere = config.isolation === 'standard' ? await realPaths(host, ['/tmp']) : [];
  const roots = [...everywhere, workspace, ...writable];
  // What codex executes no command may put something else in the place of, though it may lie in the middle of a project.
  if (roots.some((root) => isWithin(root, options.packageDir))) readable.push(options.packageDir);
  const anchors = await findAnchors({ host, denied, writable: roots, readable });
  return { denied, missing, writable: [...writable, ...anchors], readable, warnings };
}

/** Those that lie within no other one, each once: no command runs when a denied path that is there lies in another. */
function outermost(paths: readonly string[]): string[] {
  const once = [...new Set(paths)];
  return once.filter((path) => !once.some((other) => other !== path && isWithin(other, path)));
}

/**
 * A denied path that is not there may be a slip. Where commands may write, Codex would put an empty file in its place
 * while they run, and one that needs that name for something else would fail without a reason that one can see.
 */
async function missingPaths(host: Host, denied: readonly string[], writable: readonly string[]): Promise<string[]> {
  const warnings: string[] = [];
  for (const path of denied) {
    if (await host.exists(path)) continue;
    if (writable.some((root) => isWithin(root, path))) {
      throw new OptioError('invalid-config', `deniedPaths: there is no ${path}, where commands may write`, {
        field: 'deniedPaths',
        remedy: 'Check the path, or make it first.',
      });
    }
    warnings.push(`there is no ${path}, which is to be denied: check the path`);
  }
  return warnings;
}

/** Codex reads these characters as a pattern, and a denied path that does not mean itself protects nothing. */
function refusePatterns(path: string): void {
  if (!/[*?[\]{}]/.test(path)) return;
  throw new OptioError('path-refused', `${path} has characters that Codex's sandbox would read as a pattern`, {
    remedy: 'Use a path without * ? [ ] { and }.',
  });
}

async function allowedPath(
  host: Host,
  path: string,
  denied: readonly string[],
  untouchable: readonly string[],
): Promise<string> {
  const real = await host.realPath(path);
  if (!real) {
    throw refusedDir(`there is no ${path}`, 'Check the path, or make the directory first.');
  }
  const remedy = 'Keep logins and what the agent needs apart.';
  const around = denied.find((candidate) => isWithin(candidate, real));
  if (around) throw refusedDir(`${path} lies within ${around}, which no command may read`, remedy);
  const held = untouchable.find((candidate) => isWithin(real, candidate));
  if (held) throw refusedDir(`${path} holds ${held}, which no command may touch`, remedy);
  return real;
}

function refusedDir(message: string, remedy: string): OptioError {
  return new OptioError('invalid-config', `allowedDirs: ${message}`, { field: 'allowedDirs', remedy });
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
