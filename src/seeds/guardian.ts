import { basename, dirname } from 'node:path';
import { MAX_SEED_FILE_BYTES } from '../contract/seed.ts';
import type { SavedVersion } from '../contract/seed-wish.ts';
import { fromUnknown, type OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { readAuth } from './auth-file.ts';

/** How often the file is looked at, whatever the host tells of it, in milliseconds. */
const LOOK_MS = 1_000;

export interface GuardianOptions {
  readonly host: Host;
  /** The auth.json that codex uses, and rewrites when it has renewed the login. */
  readonly file: string;
  /** What was put there. */
  readonly planted: string;
  /** Saves what has become of it; see `LentFile`. */
  readonly save: (auth: string) => Promise<SavedVersion>;
  /** Told of each newer one that was saved. */
  readonly onSaved: (version: number) => void;
  /** Told, once, that one cannot be saved for now, or ever. */
  readonly onProblem: (error: OptioError) => void;
}

/**
 * Saves a login as soon as codex has renewed it: the token before works no more, and the new one is nowhere else. What is
 * half-written, logged out, or somebody else's is never saved.
 */
export class Guardian {
  readonly #options: GuardianOptions;
  #newest: string;
  /** What could not be saved, and why that was told. */
  #failed: { readonly auth: string; readonly code: string } | undefined;
  #looking: Promise<boolean> = Promise.resolve(true);
  #timer: NodeJS.Timeout | undefined;
  #unwatch = () => {};

  constructor(options: GuardianOptions) {
    this.#options = options;
    this.#newest = options.planted;
  }

  /** The last one that is saved for certain. */
  get newest(): string {
    return this.#newest;
  }

  /** Looks as soon as the host tells of a change, and now and then. What goes wrong is told, and tried again. */
  start(): void {
    const { host, file } = this.#options;
    const look = () => void this.look().catch((thrown) => this.#tell(fromUnknown(thrown)));
    this.#unwatch = host.watch(dirname(file), look);
    this.#timer = setInterval(look, LOOK_MS).unref();
    look();
  }

  /** True when a whole login lies there, which is saved by then. Throws what saving throws. */
  look(): Promise<boolean> {
    const next = this.#looking.catch(() => {}).then(() => this.#look());
    next.catch(() => {}); // whoever asked is told
    this.#looking = next;
    return next;
  }

  /** Looks for the last time: nobody writes there any more. Throws what saving throws. */
  async settle(): Promise<void> {
    this.stop();
    await this.look();
  }

  stop(): void {
    this.#unwatch();
    clearInterval(this.#timer);
  }

  async #look(): Promise<boolean> {
    const { host, file, save, onSaved } = this.#options;
    const maxBytes = MAX_SEED_FILE_BYTES;
    const auth = (await host.readInside(dirname(file), basename(file), { maxBytes }))?.toString('utf8');
    if (auth === undefined) return false;
    if (auth === this.#newest) return true;
    if (!readAuth(auth).isWhole) return false;
    try {
      const { isNew, version } = await save(auth);
      this.#newest = auth;
      if (isNew) onSaved(version);
      return true;
    } catch (thrown) {
      this.#failed = this.#failed?.auth === auth ? this.#failed : { auth, code: '' };
      throw thrown;
    }
  }

  #tell(error: OptioError): void {
    if (!this.#failed || this.#failed.code === error.code) return;
    this.#failed = { ...this.#failed, code: error.code };
    this.#options.onProblem(error);
  }
}
