import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { fakePath } from './fakes.ts';

/** The user that nobody is: owns nothing on most machines. */
export const NOBODY = { uid: 65534, gid: 65534 };
const isRoot = process.getuid?.() === 0;

/** Runs a command where it may mount what it likes, and nobody else ever sees it. */
export const UNSHARE = 'unshare -m --propagation private';
const told = new Set<string>();

/** Skips a test when there is a reason for it, and prints each reason once. */
export function skipFor(reason: string | undefined, skip: (note: string) => void): void {
  if (reason === undefined) return;
  if (!told.has(reason)) console.log(`skip: ${reason}`);
  told.add(reason);
  skip(reason);
}

/** Why tests cannot mount anything here; undefined when they can. */
export const whyNoMounts: string | undefined = isRoot ? tryToUnshare() : 'only root can mount';

function tryToUnshare(): string | undefined {
  const { status, error, stderr } = spawnSync('sh', ['-c', `${UNSHARE} true`]);
  return status === 0 ? undefined : `no mount namespace can be made here: ${error?.message ?? stderr}`;
}

/**
 * Runs a shell script that may mount what it likes: nobody else ever sees it, and it is gone with the script. Its
 * arguments are $1 and following. Gives what it wrote to stdout.
 */
export async function inMountNamespace(script: string, ...args: string[]): Promise<string> {
  const shell = ['-c', `exec ${UNSHARE} sh -e -c "$@"`, 'sh', script, 'sh', ...args];
  const { stdout } = await promisify(execFile)('sh', shell);
  return stdout;
}

/** Why no other user can run programs of ours; undefined when one can. */
export const whyNoOtherUser: string | undefined = isRoot ? tryAsNobody() : 'only root can be somebody else';

/** Why nobody can run programs of ours to whom permissions mean something. */
export const whyNoPlainUser: string | undefined = isRoot ? whyNoOtherUser : undefined;

function tryAsNobody(): string | undefined {
  const { status } = spawnSync(process.execPath, [fakePath('removes-directory.ts'), '/nowhere'], {
    ...NOBODY,
    cwd: '/',
  });
  return status === 0 ? undefined : `another user cannot run ${fakePath('')}`;
}

/** Runs an executable of `test/fakes` as a user to whom permissions mean something, and who owns `directory`. */
export async function asPlainUser(directory: string, fake: string, ...args: string[]): Promise<string> {
  if (isRoot) execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, directory]);
  const user = isRoot ? NOBODY : {};
  const { stdout } = await promisify(execFile)(process.execPath, [fakePath(fake), ...args], { cwd: '/', ...user });
  return stdout;
}
