import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findCodexBinary } from '../../src/codex/binary.ts';
import { testDirectory } from '../support/directories.ts';
import { fakePath } from '../support/fakes.ts';

afterEach(() => void vi.unstubAllGlobals());

const notFound = (about: object) => expect.objectContaining({ code: 'codex-not-found', ...about });

describe('findCodexBinary', () => {
  it('finds the native binary that is installed beside us', () => {
    const { path, packageDir } = findCodexBinary();
    expect(path).toBe(realpathSync(path));
    expect(path).toBe(join(packageDir, 'bin', 'codex'));
  });

  it('resolves links, so that the package is found whose binary it is', () => {
    const directory = realpathSync(testDirectory('binary'));
    const bin = join(directory, 'package', 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, 'codex'), '\u007fELF');
    symlinkSync(join(bin, 'codex'), join(directory, 'link'));
    expect(findCodexBinary(join(directory, 'link'))).toEqual({
      path: join(bin, 'codex'),
      packageDir: join(directory, 'package'),
    });
  });

  it('refuses a path where nothing is, or a link to nothing', () => {
    const directory = testDirectory('binary');
    symlinkSync(join(directory, 'nothing'), join(directory, 'link'));
    for (const name of ['nothing', 'link']) {
      expect(() => findCodexBinary(join(directory, name))).toThrow(notFound({ remedy: 'Check the path.' }));
    }
  });

  it('refuses a script, which would hide its child, and says what to name', () => {
    expect(() => findCodexBinary(fakePath('app-server.ts'))).toThrow(
      notFound({ remedy: expect.stringContaining('native binary') }),
    );
  });

  it('does not take an empty file for a script', () => {
    const path = join(realpathSync(testDirectory('binary')), 'codex');
    writeFileSync(path, '');
    expect(findCodexBinary(path).path).toBe(path);
  });

  it.each([
    ['win32', 'x64'],
    ['linux', 'riscv64'],
    ['__proto__', 'x64'],
  ])('has none for %s on %s, and says where there are', (platform, arch) => {
    vi.stubGlobal('process', { ...process, platform, arch });
    expect(() => findCodexBinary()).toThrow(
      notFound({
        message: `codex has no binary for ${platform}-${arch}`,
        remedy: 'optio-codex runs on Linux, x64 and arm64.',
      }),
    );
  });

  it('says what to do when the package of the platform is not installed', () => {
    vi.stubGlobal('process', { ...process, platform: 'darwin', arch: 'arm64' });
    expect(() => findCodexBinary()).toThrow(
      notFound({
        message: 'the package @openai/codex-darwin-arm64 is not installed',
        remedy: expect.stringContaining('npm install'),
      }),
    );
  });
});
