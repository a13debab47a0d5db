import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCodexBinary, OLDEST_VERSION, PINNED_VERSION } from '../../src/codex/binary.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { findManagedBinary } from '../../src/session/binary.ts';
import { testDirectory } from '../support/directories.ts';
import { writeInto } from '../support/repository.ts';

/** A host on which every program says this of its version. */
class VersionHost extends LocalHost {
  readonly #says: string;

  constructor(says: string) {
    super();
    this.#says = says;
  }

  override async run(...[command]: Parameters<LocalHost['run']>) {
    return { command, exitCode: 0, signal: null, stdout: this.#says, stderr: '', isTruncated: false, durationMs: 1 };
  }
}

const { path } = findCodexBinary();

describe('findManagedBinary', () => {
  it('takes the pinned binary without asking it', async () => {
    await expect(findManagedBinary(new VersionHost('nobody asks'), undefined)).resolves.toMatchObject({ path });
  });

  it.each([`codex-cli ${PINNED_VERSION}\n`, 'codex-cli 0.170.0-alpha.2', 'codex-cli 1.0.0'])(
    'takes a named binary that says: %s',
    async (says) => {
      await expect(findManagedBinary(new VersionHost(says), path)).resolves.toMatchObject({ path });
    },
  );

  it.each([
    [`codex-cli ${OLDEST_VERSION}`, OLDEST_VERSION],
    ['codex-cli 0.168.9', '0.168.9'],
  ])('refuses a named binary that says: %s, and says what it lacks', async (says, version) => {
    await expect(findManagedBinary(new VersionHost(says), path)).rejects.toMatchObject({
      code: 'codex-unsupported',
      message: expect.stringContaining(`codex ${version} is too old`),
      details: { field: 'codexBinary', remedy: expect.stringContaining(PINNED_VERSION) },
    });
  });

  it('refuses what names no version, and does not call it old', async () => {
    await expect(findManagedBinary(new VersionHost('hello'), path)).rejects.toMatchObject({
      code: 'codex-unsupported',
      message: `${path} names no version, as a codex does when it is asked with --version`,
      details: { field: 'codexBinary', remedy: expect.stringContaining(PINNED_VERSION) },
    });
  });

  it('refuses a script in place of the binary, and a path that leads nowhere', async () => {
    const directory = testDirectory();
    writeInto(directory, 'codex', '#!/usr/bin/env node\n', 0o755);
    for (const name of ['codex', 'gone']) {
      const found = findManagedBinary(new VersionHost(PINNED_VERSION), join(directory, name));
      await expect(found).rejects.toMatchObject({ code: 'codex-not-found', remedy: expect.any(String) });
    }
  });
});
