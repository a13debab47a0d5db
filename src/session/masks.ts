import { dirname } from 'node:path';
import type { Host } from '../hosts/host.ts';

// Where a denied path is missing and a command may write, Codex puts an empty file there while the command runs. A
// command that was accepted may write everywhere, so that this may be the home of the user; and it stays there when the
// command is killed, as one is that is interrupted, or asks for a host that is not listed.
const MASK = ['-maxdepth', '0', '-type', 'f', '-empty', '-perm', '0444'];

export interface DeniedPaths {
  /** As they are to be denied: where a path is missing with directories above it, the outermost of these. */
  readonly denied: readonly string[];
  /** Those of them that are missing. Whatever is found there later and is a mask is nobody's. */
  readonly missing: readonly string[];
}

/**
 * What to deny for these paths, in real paths. A mask that an earlier run has left counts as nothing, unless it is one of
 * `named`, which somebody may have made so. Codex could not put its mask in the place of a path in a directory that is
 * missing: it puts it in the place of that directory, and when it stays there no command can be run any more.
 */
export async function planMasks(
  host: Host,
  paths: readonly string[],
  named: readonly string[] = [],
): Promise<DeniedPaths> {
  const masks = new Set(await findMasks(host, [...new Set(paths.flatMap(withAncestors))]));
  const isMissing = async (path: string) => !(await host.exists(path)) || (masks.has(path) && !named.includes(path));
  const outermostMissing = async (path: string): Promise<string | undefined> => {
    if (!(await isMissing(path))) return undefined;
    return (await outermostMissing(dirname(path))) ?? path;
  };
  const missing = await Promise.all(paths.map(outermostMissing));
  return {
    denied: [...new Set(paths.map((path, index) => missing[index] ?? path))],
    missing: [...new Set(missing.filter((path) => path !== undefined))],
  };
}

/** Removes the masks that have stayed; to be called once nothing of the run is alive any more. */
export async function removeMasks(host: Host, missing: readonly string[]): Promise<void> {
  if (missing.length > 0) await host.run(['find', ...missing, ...MASK, '-delete'], { anyExitCode: true });
}

async function findMasks(host: Host, paths: readonly string[]): Promise<string[]> {
  // There are hardly ever any files among them, and to start a program takes longer than to look.
  const isFile = async (path: string) => (await host.exists(path)) && !(await host.exists(`${path}/.`));
  const files = (await Promise.all(paths.map(async (path) => ((await isFile(path)) ? [path] : [])))).flat();
  if (files.length === 0) return [];
  const { stdout } = await host.run(['find', ...files, ...MASK, '-print0'], { anyExitCode: true });
  return stdout.split('\0').slice(0, -1);
}

function withAncestors(path: string): string[] {
  const parent = dirname(path);
  return parent === path ? [] : [path, ...withAncestors(parent)];
}
