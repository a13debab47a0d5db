import { execFile, execFileSync, spawn } from 'node:child_process';
import { chownSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { testDirectory } from './directories.ts';
import { inMountNamespace, NOBODY, whyNoMounts } from './privileges.ts';

const CHECKOUT = join(import.meta.dirname, '../..');

/** Why no program of the checkout can be run as another user; undefined when one can, wherever the checkout lies. */
export const noOtherUser: string | undefined =
  process.getuid?.() === 0 ? undefined : 'only root can run a program as another user';

/** Runs a program of the checkout as a user without any rights, in a directory of its own, and gives what it prints. */
export async function runAsNobody(program: string, args: (root: string) => readonly string[]): Promise<string> {
  const root = testDirectory('nobody');
  chownSync(root, NOBODY.uid, NOBODY.gid);
  const checkout = readableCheckout();
  const child = spawn(join(checkout, 'node_modules/.bin/node'), [join(checkout, program), ...args(root)], {
    ...NOBODY,
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [printed, said, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  if (code !== 0) throw new Error(`${program} exited with ${code}: ${said}`);
  return printed;
}

/**
 * Runs a program of the checkout whose commands nothing confines, and gives what it prints: never as root, and where root
 * may make one, in a mount namespace of its own.
 */
export async function runUnconfined(program: string, args: (root: string) => readonly string[]): Promise<string> {
  const root = testDirectory('unconfined');
  const isRoot = process.getuid?.() === 0;
  const checkout = isRoot ? readableCheckout() : CHECKOUT;
  const command = [join(checkout, 'node_modules/.bin/node'), join(checkout, program), ...args(root)];
  if (!isRoot) return (await promisify(execFile)(process.execPath, command.slice(1))).stdout;
  chownSync(root, NOBODY.uid, NOBODY.gid);
  const asNobody = ['setpriv', `--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, '--clear-groups'];
  return inMountNamespace('exec "$@"', ...asNobody, ...command);
}

/** Why `runUnconfined` cannot be used here; undefined when it can. */
export const whyOnlyConfined: string | undefined = process.getuid?.() === 0 ? whyNoMounts : undefined;

/** The checkout, or a copy of what the program needs where the checkout lies where nobody else may read. */
export function readableCheckout(): string {
  try {
    execFileSync('cat', [join(CHECKOUT, 'package.json')], { ...NOBODY, stdio: 'ignore' });
    return CHECKOUT;
  } catch {
    const copy = testDirectory('checkout');
    execFileSync('chmod', ['755', copy]);
    for (const name of ['package.json', 'src', 'test', 'node_modules']) {
      execFileSync('cp', ['-a', '--', join(CHECKOUT, name), copy]);
    }
    return copy;
  }
}
