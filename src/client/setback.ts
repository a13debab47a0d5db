import type { OptioError } from '../errors.ts';

export interface SetbackOptions {
  /** It may have arrived at the server, and been done: only what is harmless twice may be tried again. */
  readonly perhapsDone: boolean;
  /** The connection is gone, and whoever answers next may be another server. */
  readonly isLost?: boolean;
  /** How long the server wants to be left alone, in milliseconds. */
  readonly afterMs?: number | undefined;
}

/** Why an attempt came to nothing, where another one may not. It stays within the client: others get its error. */
export class Setback extends Error {
  readonly error: OptioError;
  readonly perhapsDone: boolean;
  readonly isLost: boolean;
  readonly afterMs: number | undefined;

  constructor(error: OptioError, { perhapsDone, isLost = false, afterMs }: SetbackOptions) {
    super(error.message, { cause: error });
    this.error = error;
    this.perhapsDone = perhapsDone;
    this.isLost = isLost;
    this.afterMs = afterMs;
  }
}
