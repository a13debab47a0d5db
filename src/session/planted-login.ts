import { join } from 'node:path';
import { z } from 'zod';
import { MAX_SEED_FILE_BYTES } from '../contract/seed.ts';
import type { LeftLogin } from '../contract/seed-wish.ts';
import { type ErrorCode, fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { readAuth } from '../seeds/auth-file.ts';
import { Guardian } from '../seeds/guardian.ts';
import { AUTH_FILE } from '../seeds/manifest.ts';
import type { LentFile, Logins } from '../task/logins.ts';
import type { SavedLogin } from './config.ts';

/** What is left in the place of a login when nothing of it is to lie there. */
const NOTHING = '{}\n';
/** In the private directory of a run: which seed lies in the home of its codex. */
const RECORD = 'seed.json';
/** In that directory, the home of codex. */
const HOME = 'codex';
const recordSchema = z.object({ seedId: z.string(), version: z.number().optional() });
type PlantedRecord = z.infer<typeof recordSchema>;

/** What will not be saved by trying again: the seed is gone, or has a newer login, or this is none of its account. */
const IN_VAIN: readonly ErrorCode[] = ['seed-changed', 'invalid-input', 'not-found'];

export interface PlantedOptions {
  readonly host: Host;
  /** The private directory of the run. */
  readonly directory: string;
  readonly lent: LentFile;
  /** Saves what lies there of another seed. Throws where that has to wait. */
  readonly saveLeft: () => Promise<void>;
  /** Told of each newer version that was saved. */
  readonly onSaved: (version: number) => void;
  /** Told of what the guardian cannot save. */
  readonly onProblem: (error: OptioError) => void;
}

/** A saved login in the home of a codex that renews it by itself, from where each newer one is saved at once. */
export class PlantedLogin {
  readonly #options: PlantedOptions;
  readonly #file: string;
  readonly #guardian: Guardian;

  constructor(options: PlantedOptions) {
    const { host, directory, lent, onSaved, onProblem } = options;
    this.#options = options;
    this.#file = join(directory, HOME, AUTH_FILE);
    const save = async (auth: string) => {
      const saved = await lent.save(auth);
      await this.#note(saved.version).catch(() => {}); // then what is newer is told by its time
      return saved;
    };
    this.#guardian = new Guardian({ host, file: this.#file, planted: lent.auth, save, onSaved, onProblem });
  }

  /** Aborted as soon as codex has to stop using it, at once. */
  get lost(): AbortSignal {
    return this.#options.lent.lost;
  }

  /** Puts it where codex looks for it, unless a newer one of the same lies there. Nothing uses the home by then. */
  async plant(): Promise<void> {
    const { host, directory, lent } = this.#options;
    lent.lost.throwIfAborted();
    const before = await readRecord(host, directory);
    if (before?.seedId === lent.seedId && (await this.#guardian.look())) return;
    if (before && before.seedId !== lent.seedId) await this.#options.saveLeft();
    // In this order, so that whoever finds a login there knows which it is.
    await this.#blank();
    await this.#note(lent.version);
    await host.writeFile(this.#file, this.#guardian.newest);
  }

  /** From now on each newer one is saved as soon as codex has written it. */
  watch(): void {
    this.#guardian.start();
  }

  /** The same for the last time: codex has ended. Then nothing of it is left there. Throws what saving throws. */
  async settle(): Promise<void> {
    await this.#guardian.settle();
    await this.#blank();
  }

  /** Looks no more: another process goes on. */
  leave(): void {
    this.#guardian.stop();
  }

  async #note(version: number): Promise<void> {
    const { host, directory, lent } = this.#options;
    const record: PlantedRecord = { seedId: lent.seedId, version };
    await host.writeFile(join(directory, RECORD), JSON.stringify(record));
  }

  #blank(): Promise<void> {
    return blank(this.#options.host, this.#options.directory);
  }
}

/** Leaves nothing of a login in the private directory of a run; it is saved by then. */
export async function blank(host: Host, directory: string): Promise<void> {
  const file = join(directory, HOME, AUTH_FILE);
  if (await host.exists(file)) await host.writeFile(file, NOTHING);
}

/** Whether it will not be saved by trying again, after this. */
export function isInVain({ code }: OptioError): boolean {
  return IN_VAIN.includes(code);
}

/**
 * Saves the login that lies in the private directory of a run whose codex has ended, unless it is saved. Throws while that
 * cannot be done and may be later: the directory has to stay until then. What will never be saved is told, and given up. Gives the newer
 * version of its seed that it has become; undefined where there is none by this.
 */
export async function saveLeftLogin(
  host: Host,
  directory: string,
  logins: Logins,
  onGivenUp: (error: OptioError) => void = () => {},
): Promise<Pick<SavedLogin, 'seedId' | 'version'> | undefined> {
  const left = await findPlanted(host, directory);
  if (!left) return undefined;
  const { seedId } = left;
  try {
    const { isNew, version } = await logins.saveLeft(left);
    return isNew ? { seedId, version } : undefined;
  } catch (thrown) {
    const error = fromUnknown(thrown);
    if (isInVain(error)) {
      onGivenUp(error);
      return undefined;
    }
    throw new OptioError(error.code, `the login of the seed ${seedId} in ${directory} is not saved: ${error.message}`, {
      cause: error,
      remedy:
        'Nothing of it is lost: it is tried again by itself, and when the data directory is opened the next time.',
    });
  }
}

/** The login that lies in the private directory of a run; undefined when none does, or half of one. */
export async function findPlanted(host: Host, directory: string): Promise<LeftLogin | undefined> {
  const record = await readRecord(host, directory);
  const auth = record && (await readBounded(host, directory, join(HOME, AUTH_FILE)));
  return record && auth && readAuth(auth).isWhole ? { ...record, auth } : undefined;
}

async function readRecord(host: Host, directory: string): Promise<PlantedRecord | undefined> {
  const text = await readBounded(host, directory, RECORD);
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function readBounded(host: Host, directory: string, path: string): Promise<string | undefined> {
  if (!(await host.exists(directory))) return undefined;
  const root = (await host.realPath(directory)) ?? directory;
  return (await host.readInside(root, path, { maxBytes: MAX_SEED_FILE_BYTES }))?.toString('utf8');
}
