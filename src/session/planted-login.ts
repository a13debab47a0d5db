import type { GatePass } from '../contract/seed-wish.ts';
import { type ErrorCode, fromUnknown, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import { withGateToken } from '../seeds/gate-token.ts';
import { Guardian } from '../seeds/guardian.ts';
import { tokensOf } from '../seeds/renewed-auth.ts';
import type { LentFile, Logins } from '../task/logins.ts';
import type { SavedLogin } from './config.ts';
import { withGate } from './gate-environment.ts';
import {
  authFileOf,
  blank,
  findGuest,
  findPlanted,
  heldAt,
  type PlantedPlace,
  readRecord,
  writeRecord,
} from './planted-home.ts';

/** What will not be saved by trying again: the seed is gone, or has a newer login, or this is none of its account. */
const IN_VAIN: readonly ErrorCode[] = ['seed-changed', 'invalid-input', 'not-found'];

export interface PlantedOptions extends PlantedPlace {
  readonly lent: LentFile;
  /** Saves what lies there of another seed. Throws where that has to wait. */
  readonly saveLeft: () => Promise<void>;
  /** Told of each newer version that was saved. */
  readonly onSaved: (version: number) => void;
  /** Told of what the guardian cannot save. */
  readonly onProblem: (error: OptioError) => void;
  /** Told that it lasts for as long as its access token does: codex cannot reach our gate. */
  readonly onUnreachable: () => void;
}

/**
 * A saved login in the home of a codex, but for its refresh token: codex renews it at our gate. One of before that, which an earlier
 * version of ours has planted whole, is saved as soon as codex has renewed it.
 */
export class PlantedLogin {
  readonly #options: PlantedOptions;
  readonly #guardian: Guardian;
  #pass: GatePass | undefined;
  #endNews = () => {};

  constructor(options: PlantedOptions) {
    const { host, lent, onSaved, onProblem } = options;
    this.#options = options;
    const save = async (auth: string) => {
      const saved = await lent.save(auth);
      await this.#note(saved.version);
      return saved;
    };
    const file = authFileOf(options);
    this.#guardian = new Guardian({ host, file, planted: lent.auth, save, onSaved, onProblem });
  }

  /** Aborted as soon as codex has to stop using it, at once. */
  get lost(): AbortSignal {
    return this.#options.lent.lost;
  }

  /** Puts it where codex looks for it, once what lies there is saved. Nothing uses the home by then. */
  async plant(): Promise<void> {
    const { host, lent, saveLeft } = this.#options;
    lent.lost.throwIfAborted();
    const before = await readRecord(this.#options);
    if (before?.seedId === lent.seedId) await this.#guardian.look();
    else if (before) await saveLeft();
    await this.#tellOfRenewal();
    // In this order, so that whoever finds a login there knows which it is.
    await blank(this.#options);
    this.#pass = await lent.admit(() => heldAt(this.#options));
    await writeRecord(this.#options, { seedId: lent.seedId, version: lent.version, port: this.#pass.port });
    await host.writeFile(authFileOf(this.#options), withGateToken(lent.auth, this.#pass.token));
  }

  /** The environment of the codex for which it was planted. */
  environment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return this.#pass ? withGate(env, this.#pass.port) : env;
  }

  /** A codex that another process of ours has started lives on with it. */
  async resume(): Promise<void> {
    const { lent, onUnreachable } = this.#options;
    await this.#tellOfRenewal();
    const { pass } = (await findGuest(this.#options)) ?? {};
    this.#pass = pass;
    if (pass && !(await lent.readmit(pass, () => heldAt(this.#options)).catch(() => false))) onUnreachable();
  }

  /** From now on each newer one is told of, and one that codex has renewed by itself is saved at once. */
  watch(): void {
    const { lent, onSaved } = this.#options;
    this.#guardian.start();
    this.#endNews = lent.onRenewed((version) => {
      void this.#note(version);
      onSaved(version);
    });
  }

  /** The same for the last time: codex has ended. Then nothing of it is left there. Throws what saving throws. */
  async settle(): Promise<void> {
    await this.#guardian.settle();
    this.#endNews();
    await blank(this.#options);
  }

  /** Looks no more: another process goes on. */
  leave(): void {
    this.#guardian.stop();
    this.#endNews();
  }

  /** What was renewed while the process before us died, or after that, nobody has been told of. */
  async #tellOfRenewal(): Promise<void> {
    const { lent, onSaved } = this.#options;
    const record = await readRecord(this.#options);
    if (record?.seedId !== lent.seedId || record.port === undefined || record.version === lent.version) return;
    const held = await heldAt(this.#options);
    if (held === undefined || held === tokensOf(lent.auth)?.accessToken) return;
    await this.#note(lent.version);
    onSaved(lent.version);
  }

  /** Where that fails, what is newer is told by its time. */
  async #note(version: number): Promise<void> {
    const record = await readRecord(this.#options).catch(() => undefined);
    const { seedId } = this.#options.lent;
    await writeRecord(this.#options, { ...record, seedId, version }).catch(() => {});
  }
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
  const left = await findPlanted({ host, directory });
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
