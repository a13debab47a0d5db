import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateDirectory, putDurably, syncDirectory } from './durable-file.ts';
import { type SeedKeys, seal, unseal } from './encryption.ts';
import type { SeedKeyring } from './keys.ts';
import type { RefreshPlace } from './refresh-files.ts';

/** How many are kept of each seed; then the oldest goes. */
const KEPT = 5;
const NAME = /^([a-z0-9][a-z0-9._-]*)\.(\d+)\.(\d+)$/;

/** Where they lie, as it is told: from the data directory on. */
export const UNUSED_DIRECTORY = 'seeds/unused';

/** A login that came for a version of a seed, and was not saved in it. */
export interface UnusedLogin {
  readonly version: number;
  /** When it was put aside. */
  readonly at: string;
  /** The auth.json. */
  readonly auth: string;
}

interface Left extends RefreshPlace {
  readonly path: string;
  /** In milliseconds since 1970. */
  readonly at: number;
}

/** Logins that came for a seed and were of no use to it, encrypted: should they be good after all, nobody else has them. */
export class UnusedLogins {
  readonly #directory: string;
  readonly #keyring: SeedKeyring;

  constructor(directory: string, keyring: SeedKeyring) {
    this.#directory = directory;
    this.#keyring = keyring;
  }

  /** On the disk when it resolves. The same once more changes nothing. */
  async keep(place: RefreshPlace, auth: string): Promise<void> {
    const [key] = await this.#keyring.keys();
    const { seedId, version } = place;
    if ((await this.of(seedId)).some((kept) => kept.auth === auth)) return;
    await makePrivateDirectory(this.#directory);
    const at = Math.max(Date.now(), ((await this.#left()).at(-1)?.at ?? 0) + 1); // each has a name of its own
    await putDurably(join(this.#directory, `${seedId}.${version}.${at}`), seal(auth, boundTo(place), key));
    const ours = (await this.#left()).filter((left) => left.seedId === seedId);
    for (const { path } of ours.slice(0, -KEPT)) await rm(path, { force: true });
  }

  /** Those of one seed that can be read, the oldest first. */
  async of(seedId: string): Promise<UnusedLogin[]> {
    const keys = await this.#keyring.keys();
    const found: UnusedLogin[] = [];
    for (const left of (await this.#left()).filter((each) => each.seedId === seedId)) {
      const auth = await read(left, keys);
      if (auth !== undefined) found.push({ version: left.version, at: new Date(left.at).toISOString(), auth });
    }
    return found;
  }

  /** Encrypts them anew. One that cannot be read stays as it is: it is not to keep the rest from that. */
  async reseal(keys: SeedKeys): Promise<void> {
    for (const left of await this.#left()) {
      const auth = await read(left, keys);
      if (auth !== undefined) await putDurably(left.path, seal(auth, boundTo(left), keys[0]));
    }
  }

  /** Of these seeds nothing is wanted any more. */
  async forget(isGone: (seedId: string) => boolean | Promise<boolean>): Promise<void> {
    for (const { seedId, path } of await this.#left()) if (await isGone(seedId)) await rm(path, { force: true });
    await syncDirectory(this.#directory).catch(() => {}); // there may have been none ever
  }

  /** The oldest first. */
  async #left(): Promise<Left[]> {
    const names = await readdir(this.#directory).catch((): string[] => []);
    const left = names.flatMap((name) => {
      const [, seedId = '', version, at] = NAME.exec(name) ?? [];
      return seedId ? [{ seedId, version: Number(version), at: Number(at), path: join(this.#directory, name) }] : [];
    });
    return left.sort((one, other) => one.at - other.at);
  }
}

async function read(left: Left, keys: SeedKeys): Promise<string | undefined> {
  try {
    return unseal({ ...boundTo(left), sealed: await readFile(left.path, 'utf8') }, keys);
  } catch {
    return undefined;
  }
}

/** It can stand neither for a content of its seed nor for the answer to a refresh. */
function boundTo({ seedId, version }: RefreshPlace): RefreshPlace {
  return { seedId: `${seedId} (unused)`, version };
}
