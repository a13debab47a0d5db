import { chownSync, existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { removeLeftBehind } from '../../scripts/remove-left-behind.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';
import { fakePath } from '../support/fakes.ts';
import { inMountNamespace, NOBODY, skipFor, whyNoMounts } from '../support/privileges.ts';

const HOUR_MS = 3_600_000;

/** What a killed test has left, beside things of others, and something that may not be lost. */
function makePlace() {
  const directory = testDirectory('left');
  const around = subdirectory(directory, 'around');
  const outside = subdirectory(directory, 'outside');
  const canary = join(outside, 'canary');
  writeFileSync(canary, 'alive');
  const left = subdirectory(around, 'test-left');
  writeFileSync(join(left, 'file'), 'x');
  symlinkSync(outside, join(left, 'link'));
  return { around, prefix: join(around, 'test-'), left, outside, canary };
}

const inHours = (hours: number) => Date.now() + hours * HOUR_MS;

describe('what tests have left behind', () => {
  it('is removed after a day, and whatever is no directory of a test stays', async () => {
    const { around, prefix, outside, canary } = makePlace();
    subdirectory(around, 'others');
    symlinkSync(outside, join(around, 'test-link'));
    writeFileSync(join(around, 'test-file'), 'x');
    expect(await removeLeftBehind({ prefix, now: inHours(23) })).toEqual({ removed: 0, problems: [] });
    expect(await removeLeftBehind({ prefix, now: inHours(25) })).toEqual({ removed: 1, problems: [] });
    expect(readdirSync(around).sort()).toEqual(['others', 'test-file', 'test-link']);
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });

  it('stays when it belongs to somebody else', async ({ skip }) => {
    skipFor(process.getuid?.() === 0 ? undefined : 'only root can give a directory away', skip);
    const { prefix, left } = makePlace();
    chownSync(left, NOBODY.uid, NOBODY.gid);
    expect(await removeLeftBehind({ prefix, now: inHours(48) })).toEqual({ removed: 0, problems: [] });
    expect(existsSync(join(left, 'file'))).toBe(true);
  });

  it('stays when something is mounted below it, and the rest goes all the same', async ({ skip }) => {
    skipFor(whyNoMounts, skip);
    const { around, prefix, left, outside, canary } = makePlace();
    const busy = subdirectory(left, 'deep', 'down');
    subdirectory(around, 'test-more');
    // In a namespace of its own: nobody else ever sees that mount.
    const script = 'mount --bind "$1" "$2"; exec "$3" "$4" "$5"';
    const node = [process.execPath, fakePath('removes-left-behind.ts')];
    const told = JSON.parse(await inMountNamespace(script, outside, busy, ...node, prefix));
    expect(told).toEqual({ removed: 1, problems: [expect.stringContaining(`something is mounted at ${busy}`)] });
    expect(readdirSync(around)).toEqual(['test-left']);
    expect(readFileSync(canary, 'utf8')).toBe('alive');
  });
});
