import { dirname, join } from 'node:path';
import type { SeedSummary } from '../contract/seed.ts';
import { LENDER } from '../contract/seed-holder.ts';
import { noSeed } from '../store/seed-refusals.ts';
import type { LeaseOrder, SeedFindings, SeedRecord, Store } from '../store/store.ts';
import { isOfAnother } from './auth-file.ts';
import { type LeaseClock, systemClock } from './clock.ts';
import { type KeyOptions, SeedKeyring } from './keys.ts';
import type { Lease } from './lease.ts';
import { LeaseQueue, type LeaseRequest } from './lease-queue.ts';
import { AUTH_FILE, CODEX_CRED_MANIFEST, takeFiles } from './manifest.ts';
import { type ProviderOptions, ProviderWay } from './provider-way.ts';
import { RefreshGate } from './refresh-gate.ts';
import { startRefresher } from './refresh-process.ts';
import { Refreshes } from './refreshes.ts';
import { otherAccount } from './refusals.ts';
import { factsOf, heldOf, type SavedSeed, stateAfter } from './saved-login.ts';
import type { Settled } from './settled.ts';
import { SharedSeed } from './shared-seed.ts';
import { SharedSeeds } from './shared-seeds.ts';
import { UNUSED_DIRECTORY, UnusedLogins } from './unused-logins.ts';
import { SeedUsers } from './users.ts';
import { type SeedContent, Vault } from './vault.ts';

export interface SeedsOptions {
  readonly store: Pick<Store, 'seeds' | 'seedLeases'>;
  readonly key: KeyOptions;
  readonly clock?: LeaseClock;
  /** How the provider is reached: the environment, or what stands for it in tests. */
  readonly provider?: Partial<ProviderOptions>;
}

/** Saved logins as whoever uses them has them: each is lent to one at a time, and changed by that one only. */
export class LentSeeds {
  protected readonly store: SeedsOptions['store'];
  protected readonly vault: Vault;
  protected readonly queue: LeaseQueue;
  protected readonly refreshes: Refreshes;
  readonly clock: LeaseClock;
  /** Logins that came for them, and were of no use. */
  readonly unused: UnusedLogins;
  /** The runs that use them. */
  readonly users: SeedUsers = new SeedUsers();
  /** Those that many use at a time. */
  readonly shared: SharedSeeds;
  /** The way to their provider. */
  readonly way: ProviderWay;
  /** Where those renew theirs who have one in the home of their codex. */
  readonly gate: RefreshGate;

  constructor({ store, key, clock = systemClock, provider = {} }: SeedsOptions) {
    const keyring = new SeedKeyring({ ...key, isInUse: async () => (await store.seeds.list()).length > 0 });
    this.clock = clock;
    this.store = store;
    this.vault = new Vault(store.seeds, keyring);
    this.queue = new LeaseQueue({ seeds: store.seeds, leases: store.seedLeases, clock });
    const { env = {}, fetch, start = () => startRefresher(env), onStep } = provider;
    this.way = new ProviderWay(env, fetch);
    const dataDir = dirname(key.file);
    this.gate = new RefreshGate(join(dataDir, 'seeds'));
    this.unused = new UnusedLogins(join(dataDir, UNUSED_DIRECTORY), keyring);
    this.refreshes = new Refreshes({
      directory: join(dataDir, 'seeds', 'refreshes'),
      unused: this.unused,
      keyring,
      start,
      ...(onStep && { onStep }),
      seeds: {
        content: (id, version) => this.vault.read(id, version),
        versions: (id) => store.seeds.versions(id),
        save: async (lease, auth, replaces) => {
          await this.save(lease, { files: { [AUTH_FILE]: auth }, replaces, isProven: true });
        },
        note: (id, version, findings) => this.note(id, version, findings),
      },
    });
    this.shared = new SharedSeeds({
      clock,
      refreshes: this.refreshes,
      lease: (id) => this.take({ of: { seed: id }, holder: LENDER, inAnyState: true, takesOver: true }),
      onIdle: (id) => {
        if (this.queue.isWanted) void this.shared.letGo(id);
        else this.queue.look();
      },
    });
  }

  /** All there are, by their names, without anything that lets somebody in. */
  async list(): Promise<SeedSummary[]> {
    return (await this.store.seeds.list()).map((record) => this.told(record));
  }

  /** Throws `not-found`. */
  async find(id: string): Promise<SeedSummary> {
    const found = await this.store.seeds.find(id);
    if (!found) throw noSeed(id);
    return this.told(found);
  }

  /** Lends a seed to one, who may read it and save it until the lease ends. Throws what `LeaseQueue.lease` throws. */
  async lease(request: LeaseRequest): Promise<Lease> {
    await this.shared.letGoIdle();
    return this.queue.lease(request);
  }

  /** The lease of a seed that is free just now, also while somebody waits for it. */
  take(order: Pick<LeaseOrder, 'of' | 'holder' | 'inAnyState' | 'takesOver'>): Promise<Lease | undefined> {
    return this.queue.take(order);
  }

  /** Calls this whenever a seed may be free, or another one than before. The result ends that. */
  onChange(listener: () => void): () => void {
    return this.queue.onLook(listener);
  }

  /**
   * What a leased seed holds, with what a refresh has given that could not be saved when it came. Throws `lease-lost`, `seed-unreadable`,
   * and why that cannot be saved now either.
   */
  async read(lease: Lease): Promise<SeedContent> {
    return (await this.#settled(lease)).content;
  }

  /** The same, for whoever renews it while he has it. Throws what `read` throws. */
  async open(lease: Lease): Promise<SharedSeed> {
    const settled = await this.#settled(lease);
    const { clock, refreshes } = this;
    return new SharedSeed(lease, settled, { clock, refreshes, leaseAgain: async () => undefined, isOnDemand: true });
  }

  /**
   * Saves what a leased seed has become: the login only, and only a whole one of the same account. On disk when it resolves; what is
   * saved already stays as it is. Throws `invalid-input` for anything else, `lease-lost` and `seed-changed`.
   */
  async save(lease: Lease, { files, replaces, isProven = false }: SavedSeed): Promise<SeedSummary> {
    const { seedId } = lease;
    const taken = takeFiles(files, CODEX_CRED_MANIFEST);
    const facts = factsOf(taken);
    const [current, seed] = [await this.#contentOf(seedId), await this.find(seedId)];
    const known = factsOf(current.files);
    if (isOfAnother(known, facts)) throw otherAccount(seedId);
    if (known.fingerprint === facts.fingerprint) return seed;
    const { state, reason } = stateAfter(seed, isProven);
    const sealer = await this.vault.sealer(seedId, { ...current.files, ...taken });
    const write = { lease: heldOf(lease), replaces, ...facts, state, reason };
    return this.told(await this.store.seeds.save(write, sealer));
  }

  /** Notes what was found out about a version; false when it is not the current one any more. */
  async note(id: string, version: number, findings: SeedFindings): Promise<boolean> {
    const isNoted = await this.store.seeds.note(id, version, findings);
    this.queue.look();
    return isNoted;
  }

  /** Nobody waits for a lease any more. Leases that are held go on. */
  close(): Promise<void> {
    return this.queue.close();
  }

  /** Asks the provider nothing more, waits for a refresh that is under way, as `Refreshes.close` does, and gives back what is shared. */
  async closeShared(): Promise<void> {
    await this.refreshes.close();
    await this.gate.close();
    await this.shared.close();
    await this.way.close();
  }

  protected told(record: SeedRecord): SeedSummary {
    return { ...record, runs: this.users.of(record.id) };
  }

  async #settled(lease: Lease): Promise<Settled> {
    lease.signal.throwIfAborted();
    const settled = await this.refreshes.settle(lease);
    if (!settled) throw noSeed(lease.seedId);
    if (settled.unsaved) throw settled.unsaved;
    return settled;
  }

  async #contentOf(id: string): Promise<SeedContent> {
    const content = await this.vault.read(id);
    if (!content) throw noSeed(id);
    return content;
  }
}
