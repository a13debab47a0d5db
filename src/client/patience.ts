import type { OptioError } from '../errors.ts';
import type { Setback } from './setback.ts';
import type { WaitingCall } from './waiting-call.ts';

/** Pauses between attempts, in milliseconds: twice as long each time. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;

/** What there is to tell of a further attempt. */
export interface Retry {
  /** Why the one before came to nothing. */
  readonly error: OptioError;
  /** How long it waits before the next one, in milliseconds. */
  readonly waitMs: number;
  /** The call that is tried again; undefined where it is a stream, which nobody has to call off. */
  readonly call: WaitingCall | undefined;
}

export interface PatienceOptions {
  /** For how long it goes on in vain, in milliseconds. */
  readonly patienceMs: number;
  /** Nobody waits any more when it is aborted. */
  readonly signal: AbortSignal;
  readonly call?: WaitingCall | undefined;
  readonly onRetry: ((retry: Retry) => void) | undefined;
}

/** Decides whether something is tried once more, and when. */
export class Patience {
  readonly #options: PatienceOptions;
  #since: number | undefined;
  #pauseMs = FIRST_PAUSE_MS;

  constructor(options: PatienceOptions) {
    this.#options = options;
  }

  /** It got on: what comes now has all the time once more. */
  restart(): void {
    this.#since = undefined;
    this.#pauseMs = FIRST_PAUSE_MS;
  }

  /** Resolves when it is time for another attempt. Throws the error of the setback when there is no more time for one. */
  async wait({ error, afterMs = 0 }: Setback): Promise<void> {
    const { patienceMs, signal, call, onRetry } = this.#options;
    const now = performance.now();
    this.#since ??= now;
    // Not all at once: many may have lost the same server.
    const waitMs = Math.max(afterMs, this.#pauseMs * (0.5 + Math.random() / 2));
    if (now - this.#since + waitMs > patienceMs) throw error;
    this.#pauseMs = Math.min(2 * this.#pauseMs, LONGEST_PAUSE_MS);
    onRetry?.({ error, waitMs, call });
    await pause(waitMs, signal);
  }
}

/** Waits so long, or until it need not wait any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', over);
      resolve();
    };
    const timer = setTimeout(over, ms);
    signal.addEventListener('abort', over);
    if (signal.aborted) over();
  });
}
