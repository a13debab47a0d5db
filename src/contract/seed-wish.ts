/** A saved login, or any of a pool. */
export type SeedChoice = { readonly seed: string } | { readonly pool: string };

/** Which saved login a run wants. */
export interface SeedWish {
  /** The first that is free; of a pool the one that was used longest ago. */
  readonly choices: readonly SeedChoice[];
  /** Where none is free: wait for as long as there is something to wait for, or refuse with when one may be. */
  readonly whenNone: 'wait' | 'refuse';
  /** `file`: the login in the home of its codex, also where short-lived tokens of it would do. */
  readonly mode?: 'broker' | 'file';
  /** This run had this one in a process before us, or in another attempt whose Codex lives: it is this one or none. */
  readonly resumes?: string;
}

/** What came of saving what a codex has made of a login. */
export interface SavedVersion {
  /** It was not saved before. */
  readonly isNew: boolean;
  readonly version: number;
}

/** A login that lies where a codex had it. */
export interface LeftLogin {
  readonly seedId: string;
  readonly auth: string;
  /** The version of the seed from which it has come, where that was written down. */
  readonly version?: number | undefined;
}

/** How a codex that has a login in its home asks our gate for newer tokens of it. */
export interface GatePass {
  /** What it shows there, in the place of a refresh token. */
  readonly token: string;
  /** On this machine. */
  readonly port: number;
}

/** The access token that such a codex has; undefined where that cannot be told. */
export type GateHolds = () => Promise<string | undefined>;
