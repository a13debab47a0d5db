import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { findCodexBinary } from '../codex/binary.ts';
import { launchCodex } from '../codex/launch.ts';
import { listModels, toModelInfo } from '../codex/models.ts';
import { withSideClient } from '../codex/side-client.ts';
import type { ModelInfo } from '../contract/model-info.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { allowedEnvironment } from '../hosts/environment.ts';
import type { Host } from '../hosts/host.ts';
import { CODEX_HOME } from './prepared.ts';

/** How long an answer holds, in milliseconds. */
const KEPT_MS = 3_600_000;
const DEADLINE_MS = 20_000;
/** It has one question to answer, and nobody to report to. */
const CONFIG = stringify({
  check_for_update_on_startup: false,
  analytics: { enabled: false },
  skills: { bundled: { enabled: false } },
  features: { apps: false, plugins: false },
});

export interface OfferedModelsOptions {
  readonly host: Host;
  /** Where the private directories of sessions are: what a death leaves there is cleared away with theirs. */
  readonly runs: string;
  /** The environment of optio-codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds that pass, for tests. */
  readonly elapsed?: () => number;
}

/** What Codex offers to somebody without a login, as a codex of ours says in an empty home; asked once in an hour. */
export class OfferedModels {
  readonly #options: OfferedModelsOptions;
  readonly #elapsed: () => number;
  readonly #closing = new AbortController();
  #answer: { readonly models: Promise<ModelInfo[]>; readonly at: number } | undefined;

  constructor(options: OfferedModelsOptions) {
    this.#options = options;
    this.#elapsed = options.elapsed ?? (() => performance.now());
  }

  /** Those that ask at the same time share a question. Throws `codex-start-failed`, and `aborted` when it is closed. */
  async list(): Promise<ModelInfo[]> {
    const now = this.#elapsed();
    if (!this.#answer || now - this.#answer.at >= KEPT_MS) {
      const models = askModels(this.#options, this.#closing.signal);
      const answer = { models, at: now };
      this.#answer = answer;
      models.catch(() => {
        if (this.#answer === answer) this.#answer = undefined; // the next one may have more luck
      });
    }
    return structuredClone(await this.#answer.models);
  }

  /** Ends a question that is under way, and resolves when nothing is left of it. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#answer?.models.catch(() => {});
  }
}

async function askModels({ host, runs, env }: OfferedModelsOptions, signal: AbortSignal): Promise<ModelInfo[]> {
  const binary = findCodexBinary().path;
  const session = `models-${randomBytes(6).toString('hex')}`;
  const directory = join(runs, session);
  const [codexHome, home] = [join(directory, CODEX_HOME), join(directory, 'home')];
  try {
    refuseAborted(signal);
    await Promise.all([host.makeDirectory(codexHome), host.makeDirectory(home)]);
    await host.writeFile(join(codexHome, 'config.toml'), CONFIG, { durable: false });
    const variables = { ...allowedEnvironment(env), PATH: host.searchPath(env.PATH), HOME: home, RUST_LOG: 'error' };
    const codex = await launchCodex({ host, binary, codexHome, cwd: home, env: variables, session, over: 'streams' });
    const stop = () => void codex.stop().catch(() => {}); // it is stopped once more below
    signal.addEventListener('abort', stop, { once: true });
    try {
      refuseAborted(signal);
      const connect = async () => codex.link.transport;
      const models = await withSideClient(connect, (client) => listModels(client, DEADLINE_MS));
      if (models.length === 0) throw new OptioError('codex-start-failed', 'it names none');
      return models.map(toModelInfo);
    } finally {
      signal.removeEventListener('abort', stop);
      await codex.stop();
    }
  } catch (thrown) {
    refuseAborted(signal);
    const { message, details, remedy = 'Run the doctor.' } = fromUnknown(thrown);
    throw new OptioError('codex-start-failed', `codex does not tell its models: ${message}`, {
      ...details,
      remedy,
      cause: thrown,
    });
  } finally {
    await host.removeDirectory(directory);
  }
}

function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new OptioError('aborted', 'optio-codex is closing');
}
