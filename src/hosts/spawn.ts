import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { HostCommandError } from '../errors.ts';

/** Starts a program and waits until it runs. Throws `HostCommandError` that says why it does not. */
export async function spawnProgram(
  command: readonly [string, ...string[]],
  options: SpawnOptions & { readonly cwd?: string | undefined },
): Promise<ChildProcess> {
  const [file, ...args] = command;
  const { cwd } = options;
  try {
    const child = spawn(file, args, options);
    await once(child, 'spawn');
    return child;
  } catch (cause) {
    // Node says of both that the program is missing.
    const isLost = cwd !== undefined && !existsSync(cwd);
    const why = isLost ? `there is no directory ${cwd}` : (cause as Error).message;
    throw new HostCommandError(`${file} could not be started: ${why}`, { cause });
  }
}
