import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { fakePath } from '../support/fakes.ts';
import { inMountNamespace, skipFor, whyNoMounts } from '../support/privileges.ts';

/** A directory to remove, and another of the same file system with a canary in it. */
function makeDoomed() {
  const directory = testDirectory('mounts');
  const [doomed, outside] = [subdirectory(directory, 'doomed'), subdirectory(directory, 'outside')];
  const canary = join(outside, 'canary');
  writeFileSync(canary, 'alive');
  return { directory, doomed, outside, canary };
}

/** Mounts one thing upon another where nobody sees it, and removes a directory there. */
async function removeWithMount(mount: { what: string; where: string }, path: string) {
  const script = 'mount --bind "$1" "$2"; exec "$3" "$4" "$5"';
  const node = [process.execPath, fakePath('removes-directory.ts')];
  return JSON.parse(await inMountNamespace(script, mount.what, mount.where, ...node, path));
}

describe('removeDirectory, when something is mounted', () => {
  // Nothing here touches the mounts of the machine: each test has a namespace of its own.
  const refusal = (where: string) => ({
    code: 'path-refused',
    message: `something is mounted at ${where}, so nothing there is removed`,
    remedy: expect.stringContaining(`umount ${where}`),
  });

  it.for([
    ['below it', 'doomed/a/b'],
    ['on it', 'doomed'],
    ['under a name with spaces', 'doomed/a b\tc'],
    ['under a name with a backslash', 'doomed/a\\040b'],
    ['under a name with other letters', 'doomed/ä𝄞'],
  ])('refuses it %s', async ([, name = ''], { skip }) => {
    skipFor(whyNoMounts, skip);
    const { directory, doomed, outside, canary } = makeDoomed();
    const where = subdirectory(directory, name);
    await expect(removeWithMount({ what: outside, where }, doomed)).resolves.toEqual(refusal(where));
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  it('refuses a file that is mounted upon another', async ({ skip }) => {
    skipFor(whyNoMounts, skip);
    const { doomed, canary } = makeDoomed();
    const where = join(doomed, 'file');
    writeFileSync(where, 'below');
    await expect(removeWithMount({ what: canary, where }, doomed)).resolves.toEqual(refusal(where));
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  it('refuses it also when the directory is reached by a link', async ({ skip }) => {
    skipFor(whyNoMounts, skip);
    const { directory, outside, canary } = makeDoomed();
    const where = subdirectory(directory, 'doomed/inner/mounted');
    symlinkSync(join(directory, 'doomed'), join(directory, 'alias'));
    const path = join(directory, 'alias', 'inner');
    await expect(removeWithMount({ what: outside, where }, path)).resolves.toEqual(refusal(where));
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  it('removes it when something is mounted beside it only', async ({ skip }) => {
    skipFor(whyNoMounts, skip);
    const { directory, doomed, outside, canary } = makeDoomed();
    const where = subdirectory(directory, 'doomed-2');
    await expect(removeWithMount({ what: outside, where }, doomed)).resolves.toEqual({});
    expect([existsSync(doomed), existsSync(canary)]).toEqual([false, true]);
  });
});
