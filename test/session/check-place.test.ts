import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { checkPlace } from '../../src/session/check-place.ts';
import { testDirectory } from '../support/directories.ts';

const instructions = 'Do it';

describe('checkPlace', () => {
  it('is content with what is there', async () => {
    const directory = testDirectory('check-place');
    const image = join(directory, 'a.png');
    writeFileSync(image, '');
    mkdirSync(join(directory, 'sub', '.git'), { recursive: true });
    const host = new LocalHost();
    await checkPlace(host, { instructions, workspace: { directory }, images: [image] });
    await checkPlace(host, { instructions, workspace: { worktree: join(directory, 'sub') } });
    await checkPlace(host, { instructions, workspace: { fresh: true } });
  });

  it('names what is not there', async () => {
    const directory = testDirectory('check-place');
    const [host, nowhere] = [new LocalHost(), join(directory, 'nowhere')];
    const fresh = { instructions, workspace: { fresh: true } } as const;
    const refusals: readonly (readonly [spec: RunSpec, code: string, message: string])[] = [
      [{ instructions, workspace: { directory: nowhere } }, 'workspace-refused', `there is no directory ${nowhere}`],
      [{ instructions, workspace: { worktree: directory } }, 'workspace-refused', 'is not in a git repository'],
      [{ ...fresh, images: [nowhere] }, 'invalid-config', `images: there is no ${nowhere}`],
      [{ ...fresh, codexBinary: nowhere }, 'codex-not-found', `there is no codex binary at ${nowhere}`],
    ];
    for (const [spec, code, message] of refusals) {
      await expect(checkPlace(host, spec)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    }
  });
});
