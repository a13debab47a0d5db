import { OptioError } from '../errors.ts';
import { KEY_BYTES, type SeedKeys, toSeedKey } from './encryption.ts';
import { keysInFile, newKey, replaceKeys } from './key-file.ts';
import { readKeys } from './key-text.ts';

/** In which variable of OUR environment the keys may stand. No program that we start gets it. */
export const KEY_VARIABLE = 'OPTIO_CODEX_SEED_KEY';

/** Gives the key with which seeds are encrypted, 32 bytes; of several the first, and the others for what was saved before. */
export type SeedKeySource = () => KeyBytes | Promise<KeyBytes>;
type KeyBytes = Uint8Array | readonly Uint8Array[];

export interface KeyOptions {
  /** The caller's own; then neither the variable nor the file is looked at. */
  readonly source?: SeedKeySource;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a key is kept that we make ourselves, when nobody gives one. */
  readonly file: string;
}

export interface KeyringOptions extends KeyOptions {
  /** Whether something was encrypted before: then no new key is made where one should be (never). */
  readonly isInUse?: () => Promise<boolean>;
}

/** The keys of the seeds, asked for when the first is needed. */
export class SeedKeyring {
  readonly #options: KeyringOptions;
  #keys: Promise<SeedKeys> | undefined;

  constructor(options: KeyringOptions) {
    this.#options = options;
  }

  /** Throws `invalid-config` for keys that are none, and where the file with them is gone. */
  keys(): Promise<SeedKeys> {
    this.#keys ??= this.#read().catch((thrown) => {
      this.#keys = undefined; // somebody may put it right
      throw thrown;
    });
    return this.#keys;
  }

  /**
   * Lets `encrypt` encrypt everything anew, with a new key where it is ours to make, and else with the first that is given.
   * Until that is done the older ones are kept: a death in between loses nothing.
   */
  async change(encrypt: (keys: SeedKeys) => Promise<void>): Promise<void> {
    const isOurs = this.#isOurs;
    this.#keys = undefined;
    if (!isOurs) return encrypt(await this.keys());
    const { file, isInUse } = this.#options;
    const before = await keysInFile(file, isInUse);
    const key = newKey();
    await replaceKeys(file, [key, ...before]);
    await encrypt(await this.keys());
    await replaceKeys(file, [key]);
    this.#keys = undefined;
  }

  get #isOurs(): boolean {
    return !this.#options.source && !this.#options.env[KEY_VARIABLE];
  }

  async #read(): Promise<SeedKeys> {
    const { source, env, file, isInUse } = this.#options;
    if (source) return toKeys(await source());
    const said = env[KEY_VARIABLE];
    return toKeys(said ? readKeys(said, KEY_VARIABLE) : await keysInFile(file, isInUse));
  }
}

function toKeys(given: KeyBytes): SeedKeys {
  const [first, ...others] = (given instanceof Uint8Array ? [given] : given).map((secret) => {
    if (secret instanceof Uint8Array && secret.length === KEY_BYTES) return toSeedKey(secret);
    throw notOne();
  });
  if (!first) throw notOne();
  return [first, ...others];
}

function notOne(): OptioError {
  return new OptioError('invalid-config', `seedKey: a key of the seeds is ${KEY_BYTES} bytes`, {
    field: 'seedKey',
    remedy: 'Let the function give a Uint8Array of that length, or several.',
  });
}
