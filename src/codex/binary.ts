import { closeSync, existsSync, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { OptioError } from '../errors.ts';

/** The version that managed runs are made for and tested with. */
export const PINNED_VERSION: string = '0.169.0';
/** The oldest version that a conversation over standard streams is tested with. */
export const OLDEST_VERSION: string = '0.142.5';

const PACKAGES: Readonly<Record<string, readonly [name: string, target: string]>> = {
  'linux-x64': ['@openai/codex-linux-x64', 'x86_64-unknown-linux-musl'],
  'linux-arm64': ['@openai/codex-linux-arm64', 'aarch64-unknown-linux-musl'],
  'darwin-x64': ['@openai/codex-darwin-x64', 'x86_64-apple-darwin'],
  'darwin-arm64': ['@openai/codex-darwin-arm64', 'aarch64-apple-darwin'],
};

export interface CodexBinary {
  /** The native executable, links resolved: the npm package's `codex` is a Node script that hides its child. */
  readonly path: string;
  /** The directory that Codex itself reads from; a strict sandbox has to let it in. */
  readonly packageDir: string;
}

/**
 * Finds the native binary of the `@openai/codex` package that is installed beside us, or checks the one named.
 * Throws `codex-not-found`.
 */
export function findCodexBinary(named?: string): CodexBinary {
  const path = named ?? installedBinary();
  if (!existsSync(path)) {
    throw new OptioError('codex-not-found', `there is no codex binary at ${path}`, {
      remedy: named ? 'Check the path.' : 'Run npm install again; optional packages are needed.',
      ...(named && { field: 'codexBinary' }),
    });
  }
  const real = realpathSync(path);
  if (!statSync(real).isFile()) {
    throw new OptioError('codex-not-found', `${path} is no file`, {
      remedy: 'Name the native binary: …/vendor/<platform>/bin/codex inside the npm package.',
    });
  }
  if (isScript(real)) {
    throw new OptioError('codex-not-found', `${path} is a script that starts codex, not codex itself`, {
      remedy: 'Name the native binary: …/vendor/<platform>/bin/codex inside the npm package.',
    });
  }
  return { path: real, packageDir: dirname(dirname(real)) };
}

function installedBinary(): string {
  const platform = `${process.platform}-${process.arch}`;
  const [name, target] = PACKAGES[platform] ?? [];
  if (!name || !target) {
    throw new OptioError('codex-not-found', `codex has no binary for ${platform}`, {
      remedy: 'optio-codex runs on Linux, x64 and arm64.',
    });
  }
  const require = createRequire(import.meta.url);
  try {
    const codex = createRequire(require.resolve('@openai/codex/package.json'));
    return join(dirname(codex.resolve(`${name}/package.json`)), 'vendor', target, 'bin', 'codex');
  } catch (cause) {
    throw new OptioError('codex-not-found', `the package ${name} is not installed`, {
      remedy: 'Run npm install without --omit=optional.',
      cause,
    });
  }
}

function isScript(path: string): boolean {
  const start = Buffer.alloc(2);
  const file = openSync(path, 'r');
  try {
    readSync(file, start);
  } finally {
    closeSync(file);
  }
  return start.toString() === '#!';
}
