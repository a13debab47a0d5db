import type { CodexProcess } from '../codex/launch.ts';
import { fromUnknown } from '../errors.ts';
import type { SessionConfig } from './config.ts';
import type { Prepared } from './prepared.ts';
import { checkSandbox } from './sandbox-check.ts';

/** Whether the sandbox of a codex was seen to work. */
export class SandboxWatch {
  readonly #codex: CodexProcess;
  readonly #prepared: Prepared;
  readonly #config: SessionConfig;
  /** Codex would not run the command that is to show it. */
  #isRefused = false;

  constructor(codex: CodexProcess, prepared: Prepared, config: SessionConfig) {
    this.#codex = codex;
    this.#prepared = prepared;
    this.#config = config;
  }

  get isChecked(): boolean {
    return !this.#isRefused;
  }

  /** Lets a command try what it must not be able to do. Throws when it can, and at the second attempt when none is run. */
  async check(): Promise<void> {
    if (this.#config.sandbox === 'danger-full-access') return;
    const hasHostList = Array.isArray(this.#config.networkAccess);
    const { codexHome, workspace } = this.#prepared;
    try {
      await checkSandbox({ connect: this.#codex.connect, codexHome, workspace: workspace.path, hasHostList });
      this.#isRefused = false;
    } catch (error) {
      // With a login that is refused codex takes no call to run a command. The first turn says more of that, and runs
      // nothing where the sandbox is broken; it would only not say so if it let a command past a list of hosts.
      const isRefused = fromUnknown(error).code === 'call-failed' && !hasHostList && !this.#isRefused;
      if (!isRefused) throw error;
      this.#isRefused = true;
    }
  }
}
