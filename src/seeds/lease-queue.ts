import type { SeedChoice } from '../contract/seed-wish.ts';
import { OptioError } from '../errors.ts';
import type { LeaseOrder, SeedLeases, SeedRecord, Seeds } from '../store/store.ts';
import type { LeaseClock } from './clock.ts';
import { Lease } from './lease.ts';
import { earliest, isMeant, obstacleOf, unavailable } from './obstacles.ts';

/** A release by another process is told by nobody: so often it is looked for. */
const LOOK_MS = 5_000;
/** At least so long it rests between two looks. */
const REST_MS = 50;

export interface LeaseRequest extends Pick<LeaseOrder, 'holder' | 'inAnyState' | 'takesOver'> {
  /** A seed, or whichever of a pool; of several the next one where the one before has none that is free. */
  readonly of: SeedChoice | readonly SeedChoice[];
  /**
   * What happens where none is free: `wait` for as long as there is something to wait for, `refuse` with when one may be
   * (`wait`).
   */
  readonly whenNone?: 'wait' | 'refuse';
  /** Gives up waiting. */
  readonly signal?: AbortSignal;
}

interface Waiter {
  readonly request: LeaseRequest;
  readonly choices: readonly SeedChoice[];
  readonly given: PromiseWithResolvers<Lease>;
  /** How often it is looked at once more, where one became free just then. */
  chances: number;
}

export interface LeaseQueueParts {
  readonly seeds: Pick<Seeds, 'list'>;
  readonly leases: SeedLeases;
  readonly clock: LeaseClock;
}

/**
 * Gives leases to those who want one, in the order in which they came. When one is free, the first of those who may have it is the
 * only one who asks the store for it: the others are not woken.
 */
export class LeaseQueue {
  readonly #parts: LeaseQueueParts;
  readonly #held = new Set<Lease>();
  #waiters: Waiter[] = [];
  #looking: Promise<void> | undefined;
  #isDue = false;
  #isClosed = false;
  #callOff = () => {};
  readonly #lookers = new Set<() => void>();

  constructor(parts: LeaseQueueParts) {
    this.#parts = parts;
  }

  /** Throws `SeedUnavailableError`, `not-found`, and `aborted` when the signal is, or the queue is closed. */
  async lease(request: LeaseRequest): Promise<Lease> {
    const { of, signal } = request;
    if (this.#isClosed || signal?.aborted) throw calledOff(signal);
    const choices = 'length' in of ? of : [of];
    const waiter: Waiter = { request, choices, given: Promise.withResolvers(), chances: 3 };
    const leave = () => this.#settle(waiter, () => waiter.given.reject(calledOff(signal)));
    signal?.addEventListener('abort', leave, { once: true });
    this.#waiters.push(waiter);
    this.look();
    return waiter.given.promise.finally(() => signal?.removeEventListener('abort', leave));
  }

  /** The same, for so many milliseconds at most; then it says who has it. Throws what `lease` throws where none is free. */
  async leaseWithin(request: Omit<LeaseRequest, 'signal' | 'whenNone'>, ms: number): Promise<Lease> {
    const over = new AbortController();
    const callOff = this.#parts.clock.after(ms, () => over.abort());
    try {
      if (ms > 0) return await this.lease({ ...request, whenNone: 'wait', signal: over.signal });
    } catch (thrown) {
      if (!over.signal.aborted || this.#isClosed) throw thrown;
    } finally {
      callOff();
    }
    return this.lease({ ...request, whenNone: 'refuse' });
  }

  /** Takes one if it is free just now, before all who wait, also once the queue is closed. */
  async take(order: Pick<LeaseOrder, 'of' | 'holder' | 'inAnyState' | 'takesOver'>): Promise<Lease | undefined> {
    const { leases, clock } = this.#parts;
    const askedAt = clock.elapsed();
    const held = await leases.acquire({ ...order, at: new Date(clock.now()).toISOString() });
    if (!held) return undefined;
    const onEnd = () => {
      this.#held.delete(lease);
      this.look();
    };
    const lease = new Lease(held, askedAt, { leases, clock, onEnd });
    this.#held.add(lease);
    return lease;
  }

  /** Somebody may have taken a seed away: whoever holds it here is to know that at once, and not when he would renew his lease. */
  async confirm(seedId: string): Promise<void> {
    const held = [...this.#held].filter((lease) => lease.seedId === seedId);
    await Promise.allSettled(held.map((lease) => lease.confirm())); // where the store fails it is found out by itself
  }

  /** Whether anybody waits. */
  get isWanted(): boolean {
    return this.#waiters.length > 0;
  }

  /** Calls this whenever something may be free. The result ends that. */
  onLook(looker: () => void): () => void {
    this.#lookers.add(looker);
    return () => this.#lookers.delete(looker);
  }

  /** Something may be free by now. */
  look(): void {
    for (const looker of [...this.#lookers]) looker();
    this.#isDue = true;
    this.#looking ??= this.#lookOn();
  }

  /** Whoever waits is told that it is over. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#callOff();
    for (const waiter of [...this.#waiters]) this.#settle(waiter, () => waiter.given.reject(calledOff(undefined)));
    await this.#looking;
  }

  async #lookOn(): Promise<void> {
    await Promise.resolve(); // those who come in one go are seen together
    while (this.#isDue) {
      this.#isDue = false;
      this.#callOff();
      await this.#round();
    }
    this.#looking = undefined; // at once, or somebody who comes just now would wait for a look that is over
  }

  async #round(): Promise<void> {
    const without = new Set<string>();
    let seeds: readonly SeedRecord[] | undefined;
    let nextAt: string | null = null;
    for (const waiter of [...this.#waiters]) {
      try {
        const lease = await this.#tryEach(waiter, without);
        if (lease) {
          if (!this.#settle(waiter, () => waiter.given.resolve(lease))) await lease.release();
          continue;
        }
        seeds ??= await this.#parts.seeds.list();
        const retryAt = this.#decide(waiter, seeds);
        if (retryAt !== null && (nextAt === null || retryAt < nextAt)) nextAt = retryAt;
      } catch (thrown) {
        this.#settle(waiter, () => waiter.given.reject(thrown));
      }
    }
    if (this.#waiters.length > 0) this.#lookAt(nextAt);
  }

  async #tryEach({ request, choices }: Waiter, without: Set<string>): Promise<Lease | undefined> {
    const { holder, inAnyState = false, takesOver = false } = request;
    for (const of of choices) {
      const print = JSON.stringify([of, inAnyState, takesOver && holder]);
      if (without.has(print)) continue;
      const lease = await this.take({ of, holder, inAnyState, takesOver });
      if (lease) return lease;
      without.add(print);
    }
    return undefined;
  }

  /** Refuses somebody, or says until when he waits. */
  #decide(waiter: Waiter, seeds: readonly SeedRecord[]): string | null {
    const { request, choices } = waiter;
    const at = new Date(this.#parts.clock.now()).toISOString();
    const meant = seeds.filter((seed) => isMeant(seed, choices));
    const obstacles = meant.map((seed) => obstacleOf(seed, at, request.inAnyState));
    const known = obstacles.filter((obstacle) => obstacle !== undefined);
    const isRefused = request.whenNone === 'refuse';
    // One that is free by now was not when it was asked for.
    if (known.length < obstacles.length && (!isRefused || waiter.chances-- > 0)) return at;
    const retryAt = earliest(known);
    if (!isRefused && retryAt !== null) return retryAt;
    this.#settle(waiter, () => waiter.given.reject(unavailable(choices, known)));
    return null;
  }

  #lookAt(time: string | null): void {
    if (this.#isClosed || this.#isDue) return;
    const { clock } = this.#parts;
    const ms = time === null ? LOOK_MS : Date.parse(time) - clock.now();
    this.#callOff = clock.after(Math.min(Math.max(ms, REST_MS), LOOK_MS), () => this.look());
  }

  /** False when it was settled before. */
  #settle(waiter: Waiter, settle: () => void): boolean {
    const at = this.#waiters.indexOf(waiter);
    if (at < 0) return false;
    this.#waiters.splice(at, 1);
    settle();
    return true;
  }
}

function calledOff(signal: AbortSignal | undefined): OptioError {
  return new OptioError('aborted', 'nobody waits for a seed any more', signal ? { cause: signal.reason } : {});
}
