import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findCodexBinary, PINNED_VERSION } from '../../src/codex/binary.ts';
import { readConfig } from '../../src/config.ts';
import type { Check } from '../../src/contract/doctor.ts';
import { diagnose } from '../../src/doctor.ts';
import { OptioError } from '../../src/errors.ts';
import type { CommandOptions } from '../../src/hosts/host.ts';
import { LocalHost } from '../../src/hosts/local.ts';
import { subdirectory, testDirectory } from '../support/directories.ts';

interface MachineOptions {
  readonly uid?: number;
  /** A program that is not there. */
  readonly missing?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** This machine, but for its user and its programs. */
class Machine extends LocalHost {
  readonly #options: MachineOptions;

  constructor(home: string, options: MachineOptions) {
    super({ home });
    this.#options = options;
  }

  override async describe() {
    return { ...(await super.describe()), uid: this.#options.uid ?? 1000 };
  }

  override async start(): Promise<never> {
    throw new OptioError('sandbox-unavailable', 'no run', { remedy: 'Allow it.' });
  }

  override run([program, ...args]: readonly [string, ...string[]], options?: CommandOptions) {
    return super.run([program === this.#options.missing ? `/nowhere/${program}` : program, ...args], options);
  }
}

/** What the doctor says of a machine, by name, where every run fails as it is told. */
async function diagnoseMachine(options: MachineOptions = {}): Promise<Record<string, Check>> {
  const home = testDirectory('doctor');
  const checks: Record<string, Check> = {};
  const config = readConfig({ dataDir: subdirectory(home, 'data'), env: { HOME: home, ...options.env } });
  const { signal } = new AbortController();
  for await (const check of diagnose({ host: new Machine(home, options), config, signal })) checks[check.name] = check;
  return checks;
}

describe('the doctor', () => {
  it('looks at everything in order, and goes on when something fails', async () => {
    const checks = await diagnoseMachine();
    expect(Object.keys(checks)).toEqual(['node', 'codex', 'git', 'sandbox', 'login', 'ownership']);
    expect(checks.node).toEqual({ name: 'node', status: 'ok', detail: process.version });
    expect(checks.codex).toMatchObject({ status: 'ok', detail: expect.stringContaining(PINNED_VERSION) });
    expect(checks.git).toMatchObject({ status: 'ok', detail: expect.stringContaining('git version') });
    expect(checks.sandbox).toEqual({ name: 'sandbox', status: 'failed', detail: 'no run', remedy: 'Allow it.' });
  });

  it('names what is missing, and what to do about it', async () => {
    const { git } = await diagnoseMachine({ missing: 'git' });
    expect(git).toMatchObject({ status: 'failed', remedy: 'Install git, and put it on the PATH.' });
  });

  it('warns when there is no login, and tells which there is without showing it', async () => {
    expect((await diagnoseMachine()).login).toMatchObject({ status: 'warning', remedy: expect.any(String) });
    const { login } = await diagnoseMachine({ env: { OPENAI_API_KEY: 'sk-canary' } });
    expect(login).toMatchObject({ status: 'ok' });
    expect(JSON.stringify(login)).not.toContain('canary');
  });

  it('warns the owner of what codex executes', async () => {
    const owner = statSync(findCodexBinary().path).uid;
    expect((await diagnoseMachine({ uid: owner })).ownership).toMatchObject({
      status: 'warning',
      detail: expect.stringMatching(
        /^a command that you approve could replace .* may write .*, which (holds|is part of) codex/,
      ),
      remedy: expect.stringContaining('only if you approve'),
    });
  });
});
