import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodexBinary } from '../../../src/codex/binary.ts';
import { say, shell } from '../../../src/testing/index.ts';
import { subdirectory, testDirectory } from '../../support/directories.ts';
import { makeRepository } from '../../support/repository.ts';
import { makePlace, watchRun } from '../../support/run.ts';

/** A program that tells that it ran, and where. */
function plant(file: string, told: string): void {
  writeFileSync(file, `#!/bin/sh\necho "$0" >> '${told}'\nexit 1\n`, { mode: 0o755 });
}

describe.each(['standard', 'strict'] as const)('a codex that lies in the workspace, with isolation %s', (isolation) => {
  it('is executed as it is, whatever the commands rename, replace or remove around it', async () => {
    const told = join(testDirectory('told'), 'told');
    const packageOf = (root: string) => join(root, 'node_modules', 'codex');
    const attacks = (binary: string) => [
      `mv '${binary}' '${binary}2'; cp helper '${binary}'; echo x >> '${binary}'; rm -f '${binary}'`,
      `mv '${dirname(binary)}' '${dirname(binary)}2'; rm -r '${dirname(binary)}'`,
      'mv node_modules gone; mv node_modules/codex gone; rm -r node_modules; mkdir -p node_modules/codex/bin',
    ];
    const place = await makePlace({
      script: ({ outputs, number }) => {
        const command = attacks(join(packageOf(place.workspace), 'bin', 'codex'))[number - 1];
        return command === undefined ? [say(`after ${outputs.length}`)] : [shell(`${command}; true`)];
      },
    });
    subdirectory(place.workspace, 'node_modules');
    execFileSync('cp', ['-r', '--reflink=auto', findCodexBinary().packageDir, packageOf(place.workspace)]);
    plant(join(place.workspace, 'helper'), told);
    const codexBinary = join(packageOf(place.workspace), 'bin', 'codex');
    const { outcome, outputs } = await watchRun(place, { instructions: 'go', isolation, codexBinary });
    expect(outcome).toMatchObject({ status: 'done', text: 'after 3' });
    expect(outputs.join()).toMatch(/Read-only file system|Device or resource busy/);
    expect(existsSync(told)).toBe(false);
    execFileSync('cmp', [findCodexBinary().path, codexBinary]);
  });
});

describe('a program that an agent may have put into the PATH', () => {
  it('is executed neither by codex nor by us', async () => {
    const { root } = makeRepository();
    const told = join(testDirectory('told'), 'told');
    const bin = subdirectory(root, 'node_modules', '.bin');
    for (const name of ['git', 'bwrap', 'sh', 'rmdir', 'rm']) plant(join(bin, name), told);
    const env = { PATH: `${bin}:node_modules/.bin::${process.env.PATH}` };
    const place = await makePlace({ env });
    const worktree = await watchRun(place, {
      instructions: '!run echo made > made.txt\n!say done',
      workspace: { worktree: root },
    });
    expect(worktree.outcome).toMatchObject({ status: 'done', workspace: { branch: expect.any(String) } });
    const directory = await watchRun(place, {
      instructions: '!run echo $PATH\n!say done',
      workspace: { directory: root },
    });
    expect(directory.outcome.status).toBe('done');
    expect(directory.outputs.join()).not.toContain(bin);
    expect(existsSync(told) ? readFileSync(told, 'utf8') : '').toBe('');
  });
});
