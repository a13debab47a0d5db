import { OptioError } from '../errors.ts';
import type { Seeds } from '../store/store.ts';
import { type SeedKeys, seal, unseal } from './encryption.ts';
import type { SeedKeyring } from './keys.ts';
import type { SeedFiles } from './manifest.ts';

/** The content of a version of a seed. */
export interface SeedContent {
  readonly version: number;
  readonly files: SeedFiles;
}

/** What is in seeds, which the store has encrypted only. */
export class Vault {
  readonly #store: Seeds;
  readonly #keyring: SeedKeyring;

  constructor(store: Seeds, keyring: SeedKeyring) {
    this.#store = store;
    this.#keyring = keyring;
  }

  /** The current content, or one that is kept; undefined when there is none. Throws `seed-unreadable`, `invalid-config`. */
  async read(id: string, version?: number): Promise<SeedContent | undefined> {
    const content = await this.#store.content(id, version);
    if (!content) return undefined;
    const { files } = JSON.parse(unseal(content, await this.#keyring.keys())) as { files: SeedFiles };
    return { version: content.version, files };
  }

  /** Encrypts files for whichever version they become. Throws `invalid-config`. */
  async sealer(seedId: string, files: SeedFiles): Promise<(version: number) => string> {
    const [key] = await this.#keyring.keys();
    const content = JSON.stringify({ files });
    return (version) => seal(content, { seedId, version }, key);
  }

  /**
   * Encrypts all there is anew, and with `others` what lies elsewhere; see `SeedKeyring.change`. Gives how many contents that were; when
   * one cannot be read, none is changed.
   */
  async rekey(others: (keys: SeedKeys) => Promise<void>): Promise<number> {
    let count = 0;
    await this.#keyring.change(async (keys) => {
      await others(keys);
      count = await this.#store.reseal((content) => {
        const plain = unseal(content, keys);
        const { seedId, version } = content;
        return seal(plain, { seedId, version }, keys[0]);
      });
    });
    return count;
  }
}

/** Why there is no content where there should be one. */
export function noVersion(id: string, version: number, kept: readonly number[]): OptioError {
  return new OptioError('not-found', `the seed ${id} has no version ${version} any more`, {
    remedy: `Kept are ${kept.join(', ')}.`,
  });
}

/** Why one cannot go back to another content. */
export function noOther(id: string, current: number, kept: readonly number[]): OptioError {
  return new OptioError('invalid-input', `there is no other content of the seed ${id} to go back to`, {
    remedy: `Kept are ${kept.join(', ')}, and the current one is ${current}.`,
  });
}
