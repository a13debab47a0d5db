import type { Runs } from '../store/store.ts';
import type { Clock } from './clock.ts';
import { Lookout } from './lookout.ts';
import type { Removal } from './removal.ts';

/** How long we wait before we look again for what could not be removed, in milliseconds. */
const RETRY_MS = 60_000;

export interface ExpiryOptions {
  readonly runs: Pick<Runs, 'expired' | 'nextExpiry'>;
  readonly removal: Pick<Removal, 'removeTree'>;
  readonly clock: Clock;
}

/** Removes runs whose time is over, with all that they have begun and left behind. */
export class Expiry {
  readonly #options: ExpiryOptions;
  readonly #lookout: Lookout;

  constructor(options: ExpiryOptions) {
    this.#options = options;
    this.#lookout = new Lookout({ clock: options.clock, work: () => this.#removeAll() });
  }

  /** Resolves when all that has expired by now is gone, as far as that can be. */
  look(): Promise<void> {
    return this.#lookout.look();
  }

  stop(): Promise<void> {
    return this.#lookout.stop();
  }

  async #removeAll(): Promise<number | undefined> {
    const { clock } = this.#options;
    const retryAt = clock.now() + RETRY_MS;
    const next = await this.#remove().catch(() => retryAt);
    if (next === undefined) return undefined;
    // What should be gone by now could not be removed, or part of a tree of runs has not ended.
    return next > clock.now() ? next : retryAt;
  }

  /** Gives the time at which the next one expires. */
  async #remove(): Promise<number | undefined> {
    const { runs, removal, clock } = this.#options;
    const at = new Date(clock.now()).toISOString();
    for (let isDone = false; !isDone && !this.#lookout.isStopped; ) {
      const trees = await runs.expired(at);
      const removed = await Promise.allSettled(trees.map((tree) => removal.removeTree(tree)));
      isDone = trees.length === 0 || removed.some(({ status }) => status === 'rejected');
    }
    const next = await runs.nextExpiry();
    return next === undefined ? undefined : Date.parse(next);
  }
}
