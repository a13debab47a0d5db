import { fromUnknown, OptioError } from '../errors.ts';
import { MAX_LEASE_MS } from '../store/seed-record.ts';
import type { HeldLease, SeedLeases } from '../store/store.ts';
import type { LeaseClock } from './clock.ts';

/** How often it is renewed. */
const RENEW_MS = 15_000;
/** How soon that is tried again after it has failed. */
const RETRY_MS = 1_000;
/** So long before it may have run out it is given up: whoever uses the login needs time to stop. */
const MARGIN_MS = 5_000;

export interface LeaseParts {
  readonly leases: SeedLeases;
  readonly clock: LeaseClock;
  /** Told once it is given back, or given up. */
  readonly onEnd: () => void;
}

/**
 * The right to use a seed, which nobody else has meanwhile. It renews itself from the moment it was given. As soon as it is lost, or
 * could not be renewed for so long that it may be, `signal` is aborted with the reason: whatever uses the login has to stop
 * then, at once. It judges that by itself, by time as it passes here, and needs no answer of the store for it.
 */
export class Lease implements AsyncDisposable {
  readonly seedId: string;
  readonly holder: string;
  /** Names it in every write; what is written under an older one is refused. */
  readonly fence: number;
  readonly #parts: LeaseParts;
  readonly #lost = new AbortController();
  #heldUntil: number;
  #callOffRenewal = () => {};
  #callOffLoss = () => {};
  #renewing: Promise<void> | undefined;
  #released: Promise<void> | undefined;

  /** `askedAt`: when the store was asked for it, by the clock: it holds for no longer than from then on. */
  constructor({ seedId, holder, fence }: HeldLease, askedAt: number, parts: LeaseParts) {
    this.seedId = seedId;
    this.holder = holder;
    this.fence = fence;
    this.#parts = parts;
    this.#heldUntil = askedAt + MAX_LEASE_MS - MARGIN_MS;
    this.#watch();
    this.#renewIn(RENEW_MS);
  }

  /** Aborted when it is lost, and not when it is released. */
  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  /** Whether it is held for certain, also when this process slept and nobody could tell it yet. */
  get isHeld(): boolean {
    return !this.#isOver && this.#parts.clock.elapsed() < this.#heldUntil;
  }

  /** Asks the store whether it is held, before something is done that nobody else may do as well. Throws what the store throws. */
  async confirm(): Promise<boolean> {
    if (this.#isOver) return false;
    const { leases, clock } = this.#parts;
    const askedAt = clock.elapsed();
    const isHeld = await leases.renew(this);
    if (isHeld) this.#heldUntil = askedAt + MAX_LEASE_MS - MARGIN_MS;
    else this.#lose('somebody else has it, or it was forced');
    return isHeld && !this.#isOver;
  }

  /** Gives it back, once however often it is said. Where the store fails it runs out by itself. */
  release(): Promise<void> {
    this.#released ??= this.#release();
    return this.#released;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.release();
  }

  get #isOver(): boolean {
    return this.#lost.signal.aborted || this.#released !== undefined;
  }

  async #release(): Promise<void> {
    this.#rest();
    await this.#renewing; // or it would be renewed after it was given back
    await this.#parts.leases.release(this).catch(() => false);
    this.#parts.onEnd();
  }

  #watch(): void {
    this.#callOffLoss();
    const { clock } = this.#parts;
    const lookAgain = () => {
      if (clock.elapsed() < this.#heldUntil) this.#watch();
      else this.#lose('it could not be renewed in time, and somebody else may have it');
    };
    this.#callOffLoss = clock.after(this.#heldUntil - clock.elapsed(), lookAgain, true);
  }

  #renewIn(ms: number): void {
    const renew = () => {
      this.#renewing = this.#renew().finally(() => {
        this.#renewing = undefined;
      });
    };
    this.#callOffRenewal = this.#parts.clock.after(ms, renew, true);
  }

  async #renew(): Promise<void> {
    const { leases, clock } = this.#parts;
    const askedAt = clock.elapsed();
    let isRenewed: boolean;
    try {
      isRenewed = await leases.renew(this);
    } catch (thrown) {
      if (fromUnknown(thrown).code === 'aborted') return; // the store is closed; what is left runs out
      if (!this.#isOver) this.#renewIn(RETRY_MS);
      return;
    }
    if (this.#isOver) return; // the answer came too late for whoever had to decide
    if (!isRenewed) return this.#lose('somebody else has it, or it was forced');
    this.#heldUntil = askedAt + MAX_LEASE_MS - MARGIN_MS;
    this.#watch();
    this.#renewIn(RENEW_MS);
  }

  #lose(why: string): void {
    if (this.#isOver) return;
    this.#rest();
    const reason = new OptioError('lease-lost', `the lease of the seed ${this.seedId} is lost: ${why}`, {
      remedy: 'Stop whatever uses this login, and lease it again.',
    });
    this.#lost.abort(reason);
    this.#parts.onEnd();
  }

  #rest(): void {
    this.#callOffRenewal();
    this.#callOffLoss();
  }
}
