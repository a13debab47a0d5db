import { isAbsolute } from 'node:path';
import type { WorkspaceSpec } from '../../contract/run-spec.ts';
import { OptioError } from '../../errors.ts';
import { thisMachine } from '../../machine.ts';
import type { ServedApi } from '../backend.ts';
import type { Invocation } from '../program.ts';
import type { RunFlags } from './run-flags.ts';

/** The name of the machine on which a server works that is not on this one; undefined where it is this one. */
export async function otherMachine(
  api: ServedApi,
  { settings }: Pick<Invocation, 'settings'>,
): Promise<string | undefined> {
  // The server of a data directory answers at a socket in it.
  if (settings()['server.url'] === undefined || !api.server) return undefined;
  const { machine } = await api.server();
  return machine.id === thisMachine().id ? undefined : machine.name;
}

/** Throws `invalid-input` where a path of a command line would be meant from our current directory, on a machine that does not have it. */
export function checkRunPaths(flags: RunFlags, machine: string): void {
  const { fresh, cd, worktree, allowDir = [], denyPath = [], image = [], codex } = flags;
  if (!fresh && cd === undefined) {
    throw new OptioError(
      'invalid-input',
      `the server works on another machine, ${machine}: the current directory is here`,
      {
        remedy: `Name ${worktree ? 'a repository' : 'a directory'} of that machine with -C DIR, or work in an empty one: --fresh.`,
      },
    );
  }
  const paths: readonly (readonly [flag: string, paths: readonly string[]])[] = [
    ['-C', cd === undefined ? [] : [cd]],
    ['--allow-dir', allowDir.map(({ path }) => path)],
    ['--deny-path', denyPath],
    ['--image', image],
    ['--codex', codex === undefined ? [] : [codex]],
  ];
  for (const [flag, given] of paths) for (const path of given) checkPath(path, flag, machine);
}

/** The same for the workspace of a task that a file defines. */
export function checkTaskPath(workspace: WorkspaceSpec, machine: string): void {
  if ('directory' in workspace) checkPath(workspace.directory, 'workspace.directory', machine);
  else if ('worktree' in workspace) checkPath(workspace.worktree, 'workspace.worktree', machine);
}

function checkPath(path: string, field: string, machine: string): void {
  if (isAbsolute(path) || path.startsWith('~')) return;
  throw new OptioError(
    'invalid-input',
    `${field}: ${path} is meant from here, and the server works on another machine, ${machine}`,
    {
      remedy: 'Give the whole path, as that machine has it.',
    },
  );
}
