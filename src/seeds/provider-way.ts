import { type Egress, openEgress } from './egress.ts';
import type { StartRefresher } from './refresh-process.ts';
import type { RefreshStep } from './refreshes.ts';

/** How the provider of logins is reached. */
export interface ProviderOptions {
  /** What leads to it: proxies, and certificates. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What stands for the network in tests. */
  readonly fetch: typeof globalThis.fetch;
  /** What stands for the process that refreshes a login in tests. */
  readonly start: StartRefresher;
  /** Told of each step of a refresh; tests let a process die there. */
  readonly onStep: (step: RefreshStep) => void;
}

/** The way to the provider for requests that may be lost, made when the first one goes. */
export class ProviderWay {
  readonly #env: ProviderOptions['env'];
  readonly #given: typeof globalThis.fetch | undefined;
  #egress: Egress | undefined;

  constructor(env: ProviderOptions['env'], given: typeof globalThis.fetch | undefined) {
    this.#env = env;
    this.#given = given;
  }

  /** Throws `invalid-config` where the certificates that the environment names cannot be read. */
  get fetch(): typeof globalThis.fetch {
    if (this.#given) return this.#given;
    this.#egress ??= openEgress(this.#env);
    return this.#egress.fetch;
  }

  async close(): Promise<void> {
    await this.#egress?.close();
  }
}
