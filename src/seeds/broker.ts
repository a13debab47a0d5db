import type { SeedMode, SeedSummary } from '../contract/seed.ts';
import type { LeftLogin, SavedVersion, SeedWish } from '../contract/seed-wish.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { FileLoan } from './file-loan.ts';
import { choicesOf, findCandidates, type Lent, modeFor, soleOf } from './lending.ts';
import { KeyLoan, TokenLoan } from './loans.ts';
import { earliest, noneOf } from './obstacles.ts';
import type { RefreshGate } from './refresh-gate.ts';
import type { Seeds } from './seeds.ts';
import { saveLeft, takeAlone, taken } from './sole-lease.ts';

/** What changes without a word is seen after so long, and nobody looks more often than this, in milliseconds. */
const [LOOK_MS, REST_MS] = [5_000, 50];

export type SeedLoan = KeyLoan | TokenLoan | FileLoan;

interface Waiter {
  readonly runId: string;
  readonly ancestors: () => readonly string[];
  readonly wish: SeedWish;
  readonly given: PromiseWithResolvers<SeedLoan>;
  /** Those that were of no use just now, with why. */
  readonly failed: Map<string, OptioError>;
  isOver: boolean;
}

/**
 * Lends seeds to runs, in the order in which they come: short-lived tokens and keys to many at a time, a login for a home to one. What
 * one run gives back is there for the next at once.
 */
export class Broker {
  readonly #seeds: Seeds;
  readonly #lent: Lent;
  readonly #files = new Set<string>();
  readonly #lastLent = new Map<string, number>();
  readonly #endLooking: () => void;
  #waiters: Waiter[] = [];
  #looking: Promise<void> | undefined;
  #isDue = false;
  #isClosed = false;
  #loans = 0;
  #callOff = () => {};

  constructor(seeds: Seeds) {
    this.#seeds = seeds;
    this.#lent = {
      runs: (id) => seeds.users.of(id),
      isFile: (id) => this.#files.has(id),
      isShared: (id) => seeds.shared.isUsed(id),
      lastLent: (id) => this.#lastLent.get(id) ?? 0,
    };
    this.#endLooking = seeds.onChange(() => this.#look());
  }

  /**
   * Lends one until it is released. Throws `SeedUnavailableError`, `not-found`, `seed-unreadable`, `login-expired` for one that is dead,
   * `call-failed` where its provider gives no token just now, and `aborted`. `ancestors`: those of the run that this process works on.
   */
  async lend(
    runId: string,
    wish: SeedWish,
    signal: AbortSignal,
    ancestors: () => readonly string[] = () => [],
  ): Promise<SeedLoan> {
    signal.throwIfAborted();
    if (this.#isClosed) throw closed();
    const given = Promise.withResolvers<SeedLoan>();
    const waiter: Waiter = { runId, ancestors, wish, given, failed: new Map(), isOver: false };
    const leave = () => this.#refuse(waiter, signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.#waiters.push(waiter);
    this.#look();
    return waiter.given.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  /** Where those renew theirs who have one as a file. */
  get gate(): RefreshGate {
    return this.#seeds.gate;
  }

  /** The names of all there are. */
  async names(): Promise<string[]> {
    return (await this.#seeds.list()).map(({ id }) => id);
  }

  /** See `saveLeft`. */
  async saveLeft(runId: string, { seedId, auth, version: from }: LeftLogin): Promise<SavedVersion> {
    const seed = await this.#seeds.find(seedId);
    if (this.#files.has(seedId)) throw taken(seed);
    return saveLeft(this.#seeds, { runId, seed, auth, from });
  }

  /** Keeps what was left of a login and cannot be saved; see `UnusedLogins`. Throws `not-found`. */
  async keepUnused({ seedId, auth, version }: LeftLogin): Promise<void> {
    const current = await this.#seeds.find(seedId);
    await this.#seeds.unused.keep({ seedId, version: version ?? current.version }, auth);
  }

  /** Whoever waits is told that it is over; nothing is lent any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endLooking();
    this.#callOff();
    for (const waiter of [...this.#waiters]) this.#refuse(waiter, closed());
    await this.#looking;
  }

  #look(): void {
    this.#isDue = true;
    if (this.#waiters.length > 0) this.#looking ??= this.#lookOn();
  }

  async #lookOn(): Promise<void> {
    await Promise.resolve(); // those who come in one go are seen together
    while (this.#isDue && this.#waiters.length > 0) {
      this.#isDue = false;
      this.#callOff();
      await this.#round();
    }
    this.#looking = undefined;
  }

  async #round(): Promise<void> {
    const waiters = [...this.#waiters];
    let seeds: readonly SeedSummary[];
    try {
      seeds = await this.#seeds.list();
    } catch (thrown) {
      for (const waiter of waiters) this.#refuse(waiter, thrown);
      return;
    }
    const at = new Date(this.#seeds.clock.now()).toISOString();
    let nextAt: string | null = null;
    const kept = new Map<string, string>();
    for (const waiter of waiters) {
      if (waiter.isOver) continue;
      const { runId, wish, failed } = waiter;
      const borrower = { runId, ancestors: waiter.ancestors() };
      const tried = seeds.filter(({ id }) => !failed.has(id));
      const { best, obstacles } = findCandidates(tried, wish, { ...borrower, at, lent: this.#lent, kept });
      const retryAt = earliest(obstacles);
      const [problem] = failed.values();
      if (best) this.#begin(waiter, best);
      else if (wish.whenNone === 'refuse' || retryAt === null)
        this.#refuse(waiter, problem ?? noneOf(choicesOf(wish), obstacles));
      else {
        failed.clear(); // by the next time it may be of use
        const sole = soleOf(seeds, wish, obstacles);
        if (sole !== undefined && !kept.has(sole)) kept.set(sole, runId);
        if (nextAt === null || retryAt < nextAt) nextAt = retryAt;
      }
    }
    if (this.#waiters.length > 0) this.#lookAgain(nextAt);
  }

  #lookAgain(time: string | null): void {
    if (this.#isClosed || this.#isDue) return;
    const { clock } = this.#seeds;
    const ms = time === null ? LOOK_MS : Date.parse(time) - clock.now();
    this.#callOff = clock.after(Math.min(Math.max(ms, REST_MS), LOOK_MS), () => this.#look(), true);
  }

  /** It counts as lent from now on, and the others need not wait for what it takes to open it. */
  #begin(waiter: Waiter, seed: SeedSummary): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    const mode = modeFor(seed, waiter.wish);
    const endUse = this.#seeds.users.add(seed.id, waiter.runId);
    this.#lastLent.set(seed.id, ++this.#loans);
    if (mode === 'file') this.#files.add(seed.id);
    const onReleased = () => {
      endUse();
      if (mode === 'file') this.#files.delete(seed.id);
      this.#look();
    };
    this.#open(waiter, seed, mode, onReleased).then(
      (loan) => this.#give(waiter, loan),
      (thrown) => {
        onReleased();
        this.#tryOthers(waiter, seed.id, fromUnknown(thrown));
      },
    );
  }

  async #give(waiter: Waiter, loan: SeedLoan): Promise<void> {
    if (waiter.isOver) return loan.release();
    waiter.isOver = true;
    waiter.given.resolve(loan);
  }

  /** One that could not be opened may be replaced by another one, unless it is the only one that is meant. */
  #tryOthers(waiter: Waiter, seedId: string, problem: OptioError): void {
    if (waiter.isOver) return;
    if (this.#isClosed) {
      this.#refuse(waiter, closed());
      return;
    }
    const isTaken = problem.code === 'seed-unavailable'; // by somebody who was faster
    if (!isTaken) waiter.failed.set(seedId, problem);
    this.#waiters.unshift(waiter);
    if (isTaken) this.#lookAgain(null);
    else this.#look();
  }

  async #open(waiter: Waiter, seed: SeedSummary, mode: SeedMode, onReleased: () => void): Promise<SeedLoan> {
    const seeds = this.#seeds;
    const parts = { seeds, seed, onReleased };
    if (mode === 'file') return this.#openFile(waiter, seed, onReleased);
    const use = await seeds.shared.use(seed.id);
    if (!use) throw taken(seed);
    if (mode === 'key') return new KeyLoan(parts, use);
    try {
      if (use.seed.version !== seed.version) await use.seed.look();
      // Or a run would find out that it is dead. One whose codex lives may need none before there is one again.
      if (waiter.wish.resumes === undefined) await use.seed.tokens();
      return new TokenLoan(parts, use);
    } catch (thrown) {
      use.end();
      throw thrown;
    }
  }

  async #openFile({ runId, wish }: Waiter, seed: SeedSummary, onReleased: () => void): Promise<FileLoan> {
    const seeds = this.#seeds;
    // A codex that had it may have renewed it.
    if (!seed.account?.accountId && wish.resumes === undefined) await this.#renewAhead(seed.id);
    const lease = await takeAlone(seeds, runId, seed);
    try {
      return new FileLoan({ seeds, seed, onReleased }, lease, await seeds.open(lease));
    } catch (thrown) {
      await lease.release();
      throw thrown;
    }
  }

  /** Codex renews no login that does not say whose it is: one that is due is renewed before it is lent. Throws what `tokens` throws. */
  async #renewAhead(seedId: string): Promise<void> {
    const use = await this.#seeds.shared.use(seedId);
    await use?.seed.tokens().finally(() => use.end());
  }

  #refuse(waiter: Waiter, why: unknown): void {
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.isOver = true;
    waiter.given.reject(why);
  }
}

function closed(): OptioError {
  return new OptioError('aborted', 'nothing is lent any more: this process ends');
}
