import type { SeedSummary } from '../contract/seed.ts';
import type { SeedSettings } from '../contract/seed-config.ts';
import type { GateHolds, GatePass, LeftLogin, SavedVersion, SeedWish } from '../contract/seed-wish.ts';
import { OptioError } from '../errors.ts';

/** The saved logins, as a run sees them. */
export interface Logins {
  /**
   * Lends one until it is released. Throws `SeedUnavailableError`, `not-found`, `seed-unreadable`, `login-expired` for one that is
   * dead, and what `signal` was aborted with.
   */
  lend(wish: SeedWish, signal: AbortSignal): Promise<LentSeed>;
  /**
   * Saves what a process has left of a login that it had for this run, and is gone; on disk when it resolves. What is saved
   * already stays as it is. Throws `invalid-input` for what is not a whole login of the same account, `seed-changed` where the seed
   * has a newer one, `not-found`, and `seed-unavailable` while somebody else has it.
   */
  saveLeft(left: LeftLogin): Promise<SavedVersion>;
  /** The names of all that are saved here, whoever may have them. */
  names(): Promise<readonly string[]>;
  /** Gives back what was kept for this run from a process before us, and was not asked for. Nothing is asked for any more. */
  end(): Promise<void>;
}

export type LentSeed = LentKey | LentTokens | LentFile;

interface Lent {
  readonly seedId: string;
  readonly account: SeedSummary['account'];
  /** What is to hold for its runs, unless they say otherwise: which model is to work, and how. */
  readonly settings: SeedSettings;
  /**
   * A turn has failed over the limit of its plan, until then where that was told: nobody else is lent it before. Reads what its provider
   * says of its usage. Throws `store-full`, `store-failed`.
   */
  noteLimit(resetsAt?: string): Promise<void>;
  /** Gives it back, once however often it is said. Nothing of it is used any more by then. */
  release(): Promise<void>;
}

/** An API key. */
export interface LentKey extends Lent {
  readonly mode: 'key';
  readonly apiKey: string;
}

/** Short-lived tokens of a ChatGPT login, which many runs may use at a time. */
export interface LentTokens extends Lent {
  readonly mode: 'broker';
  /** One that is good for now. Throws `login-expired`, and `call-failed` where the provider does not say. */
  tokens(): Promise<AccessTokens>;
  /** A newer one than this, which the provider has refused. Throws as `tokens` does. */
  renew(refused: string): Promise<AccessTokens>;
  /** Tells of each that takes the place of the one before, well before that ends; the result ends it. */
  onRenewed(listener: (tokens: AccessTokens) => void): () => void;
}

export interface AccessTokens {
  readonly accessToken: string;
  readonly chatgptAccountId: string;
  readonly chatgptPlanType: string | null;
}

/** A login for the home of a codex, which nobody else has meanwhile. Its refresh token is not put there: our gate renews it. */
export interface LentFile extends Lent {
  readonly mode: 'file';
  /** Aborted, with the reason, as soon as it must not be used any more: whatever uses it stops at once. */
  readonly lost: AbortSignal;
  /** The version of the seed that it is. */
  readonly version: number;
  /** The auth.json, as it is by now. */
  readonly auth: string;
  /** Lets a codex that is about to be started renew it at our gate. Throws where that cannot be opened. */
  admit(holds: GateHolds): Promise<GatePass>;
  /** The same for a codex that another process of ours has let in; false where it asks at a port that we cannot have any more. */
  readmit(pass: GatePass, holds: GateHolds): Promise<boolean>;
  /** Tells of each newer version that was saved since such a codex has asked for one; the result ends it. */
  onRenewed(listener: (version: number) => void): () => void;
  /**
   * Saves what has become of one that has its refresh token, which an earlier version of ours may have planted; on disk when it
   * resolves. What is saved already stays as it is. Also to be called after `lost`: it is saved as long as nobody else has the seed. Throws `invalid-input` for what is not a whole login of the same account,
   * `lease-lost` and `seed-changed`.
   */
  save(auth: string): Promise<SavedVersion>;
  /**
   * Codex could not renew it: the provider has refused it for good (by name), or nobody knows yet whether it has. Throws `store-full`,
   * `store-failed`.
   */
  noteRefused(isByName: boolean): Promise<void>;
}

/** Where there are no saved logins. */
export const NO_LOGINS: Logins = {
  async lend() {
    throw nothingSaved();
  },
  async saveLeft() {
    throw nothingSaved();
  },
  async names() {
    return [];
  },
  async end() {},
};

function nothingSaved(): OptioError {
  return new OptioError('login-missing', 'there are no saved logins here', {
    field: 'seedId',
    remedy: 'Run it by an Optio, which has them.',
  });
}
