import type { SeedSummary, VerifySeed } from '../contract/seed.ts';
import { LENDER } from '../contract/seed-holder.ts';
import { backOff } from './back-off.ts';
import type { Seeds } from './seeds.ts';
import { isStale, verifyAndRefreshSeed } from './verification.ts';

/** How often it is looked whether anything is to be done, in milliseconds. */
const LOOK_MS = 60_000;
/** How old what is known of a login may be, and of a key, which tells nothing but whether it works, in milliseconds. */
const [LOGIN_MS, KEY_MS] = [3_600_000, 6 * 3_600_000];
/** After a failure one is left alone for so much longer than whoever needs it, as a factor. */
const PATIENCE = 30;

interface Kept {
  readonly failures: number;
  /** By the clock. */
  readonly dueAt: number;
}

/**
 * Looks after the seeds that nobody uses: notices when one is refused, knows how much of its plan is left, and renews its tokens
 * before they are so old that the provider takes them no more. One at a time, and seldom: each refresh token works once, and it is
 * safest where it is.
 */
export class Keeper {
  readonly #seeds: Seeds;
  readonly #kept = new Map<string, Kept>();
  #round: Promise<void> | undefined;
  #isClosed = false;
  #callOff = () => {};

  constructor(seeds: Seeds) {
    this.#seeds = seeds;
    this.#wait();
  }

  /** What is under way is waited for, as long as the provider takes for an answer at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#callOff();
    await this.#round;
  }

  #wait(): void {
    if (this.#isClosed) return;
    const look = () => {
      this.#round = this.#look()
        .catch(() => {}) // the store is full, or fails: it is looked again
        .finally(() => this.#wait());
    };
    this.#callOff = this.#seeds.clock.after(LOOK_MS, look, true);
  }

  async #look(): Promise<void> {
    const seeds = await this.#seeds.list();
    for (const id of this.#kept.keys()) if (!seeds.some((seed) => seed.id === id)) this.#kept.delete(id);
    for (const { id } of seeds) {
      if (this.#isClosed) return;
      const seed = await this.#seeds.find(id).catch(() => undefined); // as it is by now
      const way = seed && this.#wayOf(seed);
      if (way) await this.#verify(seed, way);
    }
  }

  /** How one is to be looked at now; undefined when it is not. */
  #wayOf(seed: SeedSummary): VerifySeed['refresh'] | undefined {
    const { id, state, lease, accessExpiresAt } = seed;
    if (state === 'dead' || (lease && lease.holder !== LENDER)) return undefined;
    const { clock } = this.#seeds;
    if (clock.elapsed() < (this.#kept.get(id)?.dueAt ?? 0)) return undefined;
    if (isStale(seed, clock.now()) || state === 'unknown') return 'stale';
    const isOver = Date.parse(accessExpiresAt ?? '') <= clock.now();
    return isOver ? undefined : 'never'; // whoever needs it renews it
  }

  async #verify({ id, kind }: SeedSummary, refresh: VerifySeed['refresh']): Promise<void> {
    const { clock } = this.#seeds;
    const every = kind === 'apiKey' ? KEY_MS : LOGIN_MS;
    const found = await verifyAndRefreshSeed(this.#seeds, { seedId: id, refresh }).catch(() => undefined);
    const failures = found === undefined || found.verdict === 'unknown' ? (this.#kept.get(id)?.failures ?? 0) + 1 : 0;
    const waitMs = failures > 0 ? Math.min(backOff(failures) * PATIENCE, every) : every;
    this.#kept.set(id, { failures, dueAt: clock.elapsed() + waitMs });
  }
}
