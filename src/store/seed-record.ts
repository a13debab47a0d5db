import type { SeedLease, SeedSummary, UsageWindow } from '../contract/seed.ts';
import type { SeedChoice } from '../contract/seed-wish.ts';

/** How many contents of a seed are kept, the current one among them. */
export const KEPT_VERSIONS = 5;
/** For how long a lease is given at most, in milliseconds. */
export const MAX_LEASE_MS = 60_000;

/** What is said of a seed. It is not encrypted, and holds nothing that lets anybody in. */
export type SeedRecord = Omit<SeedSummary, 'runs'>;

/** What a content says of itself. */
export type SeedFacts = Pick<SeedRecord, 'kind' | 'account' | 'refreshedAt' | 'accessExpiresAt'>;

export type NewSeedRecord = SeedFacts & Pick<SeedRecord, 'id' | 'pool'>;

/** What somebody has found out about a seed. */
export interface SeedFindings extends Partial<Pick<SeedRecord, 'state' | 'reason'>> {
  readonly usage?: readonly UsageWindow[];
  readonly plan?: string | null;
}

/** An encrypted content. */
export interface SealedContent {
  readonly seedId: string;
  readonly version: number;
  readonly sealed: string;
}

/** Encrypts a content for the version that it is to be. */
export type Seal = (version: number) => string;

/** Names a lease as its holder has it: with an older fence nothing is done. */
export interface HeldLease extends Pick<SeedLease, 'holder' | 'fence'> {
  readonly seedId: string;
}

/** A content that is to be the newest. */
export interface SeedWrite extends SeedFacts, Pick<SeedRecord, 'state' | 'reason'> {
  readonly lease: HeldLease;
  /** The version that its writer knows as the current one. */
  readonly replaces: number;
}

export interface LeaseOrder {
  readonly of: SeedChoice;
  readonly holder: string;
  /** The time by which usage windows begin anew: that of their provider, and not the store's. */
  readonly at: string;
  /** Also one that is dead, or used up: somebody wants to look at it, or to change it (false). */
  readonly inAnyState?: boolean;
  /** Also one that this holder has already, who then was another process and has lost it by that (false). */
  readonly takesOver?: boolean;
}

export interface Seeds {
  /** On disk when it resolves; undefined when there is one of this name, and nothing is written then. */
  add(seed: NewSeedRecord, seal: Seal): Promise<SeedRecord | undefined>;
  find(id: string): Promise<SeedRecord | undefined>;
  /** By their ids. */
  list(): Promise<SeedRecord[]>;
  /** The current content, or that of a version that is kept. */
  content(id: string, version?: number): Promise<SealedContent | undefined>;
  /** The versions that are kept, newest first. */
  versions(id: string): Promise<number[]>;
  /**
   * Makes a content the newest, on disk when it resolves. Throws `lease-lost` when the lease is not held any more, and `seed-changed`
   * when the version that it is to replace is not the current one. A lease that has run out is held as long as nobody else
   * has taken it: a token that was rotated must not be lost for a delay.
   */
  save(write: SeedWrite, seal: Seal): Promise<SeedRecord>;
  /** Notes what was found out about a version; false when that is not the current one any more, or there is no such seed. */
  note(id: string, version: number, findings: SeedFindings): Promise<boolean>;
  /**
   * Removes a seed, and its contents too unless the newest one is to be left, which its id then names. Throws `not-found`, and
   * `seed-unavailable` while somebody uses it, unless that is to be forced: whoever uses it has lost it then.
   */
  remove(id: string, options: { readonly isForced: boolean; readonly leavesContent: boolean }): Promise<string>;
  /** Removes a content that was left; false when there is none. */
  discard(contentId: string): Promise<boolean>;
  /** Puts another encryption in the place of each, of all or of none. Gives how many there are. */
  reseal(seal: (content: SealedContent) => string): Promise<number>;
}

/** Who uses which seed, by the clock of the store. */
export interface SeedLeases {
  /** Takes the free one that was used longest ago; undefined when there is none. Those that are known to be healthy come first. */
  acquire(order: LeaseOrder): Promise<(HeldLease & Pick<SeedLease, 'expiresAt'>) | undefined>;
  /** Lets it run out later; false when somebody else has taken it. */
  renew(lease: HeldLease): Promise<boolean>;
  /** False when it was not held any more. */
  release(lease: HeldLease): Promise<boolean>;
}
