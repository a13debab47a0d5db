import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { spawnProgram } from '../../src/hosts/spawn.ts';

describe('spawnProgram', () => {
  it('gives the child once it runs', async () => {
    const child = await spawnProgram(['sh', '-c', 'exit 3'], {});
    expect(child.pid).toBeGreaterThan(0);
    await expect(once(child, 'exit')).resolves.toEqual([3, null]);
  });

  it.each([
    ['a program that is not there', '/nowhere/program', undefined, /could not be started: .*ENOENT/],
    ['a directory that is not there', 'sh', '/nowhere', /there is no directory \/nowhere/],
  ])('says of %s that it is missing', async (_what, file, cwd, message) => {
    await expect(spawnProgram([file], { cwd })).rejects.toMatchObject({
      code: 'host-command-failed',
      message: expect.stringMatching(message),
    });
  });
});
