import { OptioError } from '../errors.ts';
import type { Lease } from './lease.ts';

/**
 * The lease of a seed that many share. It may be lost between two refreshes, since nobody who has only short-lived tokens can do any
 * harm by that; then it is taken once more by whoever needs it next.
 */
export class SharedLease {
  readonly #leaseAgain: () => Promise<Lease | undefined>;
  #lease: Lease;
  #isLost = false;

  /** `leaseAgain`: undefined when somebody else has it. */
  constructor(lease: Lease, leaseAgain: () => Promise<Lease | undefined>) {
    this.#lease = lease;
    this.#leaseAgain = leaseAgain;
  }

  /** Somebody else had it when it was needed last. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** The one that was held last. */
  get current(): Lease {
    return this.#lease;
  }

  /** The one that is held now. Throws `lease-lost` while somebody else has it. */
  async held(): Promise<Lease> {
    if (!this.#lease.isHeld) this.#lease = (await this.#leaseAgain()) ?? this.#lose();
    this.#isLost = false;
    return this.#lease;
  }

  #lose(): never {
    this.#isLost = true;
    const { seedId } = this.#lease;
    throw new OptioError('lease-lost', `the lease of the seed ${seedId} is lost, and somebody else has it`, {
      remedy: 'Wait until it is free, or take another seed.',
    });
  }
}
