import type { LeaseClock } from './clock.ts';
import type { Lease } from './lease.ts';
import type { Refreshes } from './refreshes.ts';
import { SharedSeed } from './shared-seed.ts';

/** So long it is kept for the next one, in milliseconds. */
const IDLE_MS = 60_000;

export interface SharedSeedsParts {
  readonly clock: LeaseClock;
  readonly refreshes: Refreshes;
  /** Takes the lease of a seed if it is free, or was ours; undefined when it is not. */
  readonly lease: (seedId: string) => Promise<Lease | undefined>;
  /** Told when nobody uses one any more that is still held. */
  readonly onIdle: (seedId: string) => void;
}

/** The use of a shared seed by one. */
export interface SeedUse {
  readonly seed: SharedSeed;
  /** Once however often it is said. */
  end(): void;
}

interface Opened {
  readonly seed: Promise<SharedSeed | undefined>;
  users: number;
  callOff: () => void;
}

/** The seeds that this process holds for all who want short-lived tokens of them, each once. */
export class SharedSeeds {
  readonly #parts: SharedSeedsParts;
  readonly #opened = new Map<string, Opened>();
  readonly #leaving = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(parts: SharedSeedsParts) {
    this.#parts = parts;
  }

  /** Whether somebody uses it. */
  isUsed(seedId: string): boolean {
    return (this.#opened.get(seedId)?.users ?? 0) > 0;
  }

  /** Lets one more use it; undefined when somebody else has it. Throws `seed-unreadable`, `not-found`. */
  async use(seedId: string): Promise<SeedUse | undefined> {
    if (this.#isClosed) return undefined;
    const opened = this.#opened.get(seedId) ?? this.#open(seedId);
    opened.users++;
    opened.callOff();
    let isOver = false;
    const end = () => {
      if (isOver) return;
      isOver = true;
      opened.users--;
      if (opened.users > 0 || this.#opened.get(seedId) !== opened) return;
      opened.callOff = this.#parts.clock.after(IDLE_MS, () => void this.letGo(seedId), true);
      this.#parts.onIdle(seedId);
    };
    try {
      const seed = await opened.seed;
      if (seed) {
        seed.schedule();
        return { seed, end };
      }
      end();
      return undefined;
    } catch (thrown) {
      end();
      throw thrown;
    }
  }

  /**
   * Lets something else of it be saved than a newer login, under the lease that this process has; undefined where it has none. Throws
   * what `change` of the seed throws.
   */
  async change<T>(seedId: string, save: (lease: Lease) => Promise<T>): Promise<T | undefined> {
    const use = this.#opened.has(seedId) ? await this.use(seedId) : undefined;
    try {
      return await use?.seed.change(save);
    } finally {
      use?.end();
    }
  }

  /** Gives it back, unless somebody uses it. */
  async letGo(seedId: string): Promise<void> {
    const opened = this.#opened.get(seedId);
    if (!opened || opened.users > 0) return;
    await this.#leave(seedId, opened);
  }

  /** Gives back all that nobody uses. */
  async letGoIdle(): Promise<void> {
    await Promise.all([...this.#opened.keys()].map((id) => this.letGo(id)));
  }

  /** Gives back all of them, also where a refresh is under way still: the next process takes up what that gives. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const [id, opened] of this.#opened) void this.#leave(id, opened);
    await Promise.allSettled(this.#leaving.values());
  }

  #open(seedId: string): Opened {
    const opened: Opened = { seed: this.#lease(seedId), users: 0, callOff: () => {} };
    this.#opened.set(seedId, opened);
    const forget = () => {
      if (this.#opened.get(seedId) === opened) this.#opened.delete(seedId);
    };
    opened.seed.then((seed) => seed ?? forget(), forget);
    return opened;
  }

  async #lease(seedId: string): Promise<SharedSeed | undefined> {
    await this.#leaving.get(seedId); // or we would take from ourselves what is just given back
    const { clock, refreshes, lease } = this.#parts;
    const held = await lease(seedId);
    if (!held) return undefined;
    const settled = await refreshes.settle(held).catch(async (thrown: unknown) => {
      await held.release();
      throw thrown;
    });
    if (settled) return new SharedSeed(held, settled, { clock, refreshes, leaseAgain: () => lease(seedId) });
    await held.release();
    return undefined;
  }

  #leave(seedId: string, opened: Opened): Promise<void> {
    this.#opened.delete(seedId);
    opened.callOff();
    const leaving = opened.seed
      .then(
        (seed) => seed?.release(this.#isClosed),
        () => {},
      )
      .finally(() => {
        if (this.#leaving.get(seedId) === leaving) this.#leaving.delete(seedId);
      });
    this.#leaving.set(seedId, leaving);
    return leaving;
  }
}
