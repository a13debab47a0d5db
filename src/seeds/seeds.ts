import type { NewSeed, RemoveSeedOptions, SeedSummary, UndoSeed } from '../contract/seed.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import { noSeed } from '../store/seed-refusals.ts';
import type { HeldLease, SeedFindings, SeedRecord, Store } from '../store/store.ts';
import { type AuthFacts, readAuth } from './auth-file.ts';
import { type LeaseClock, systemClock } from './clock.ts';
import { type KeyOptions, SeedKeyring } from './keys.ts';
import type { Lease } from './lease.ts';
import { LeaseQueue, type LeaseRequest } from './lease-queue.ts';
import { AUTH_FILE, CODEX_CRED_MANIFEST, type SeedFiles, takeFiles } from './manifest.ts';
import { checkNewSeed } from './new-seed.ts';
import { nameTaken, otherAccount, otherPool, twin } from './refusals.ts';
import { SeedUsers } from './users.ts';
import { noVersion, type SeedContent, Vault } from './vault.ts';

export interface SeedsOptions {
  readonly store: Pick<Store, 'seeds' | 'seedLeases'>;
  readonly key: KeyOptions;
  readonly clock?: LeaseClock;
}

export interface RenewOptions {
  /** How long to wait for whoever uses the seed, in milliseconds (0). */
  readonly patienceMs?: number;
  /** Whoever held it for the same purpose was another process, and is gone (false). */
  readonly takesOver?: boolean;
}

/** What somebody has found where a seed was used. */
export interface SavedSeed {
  readonly files: SeedFiles;
  /** The version from which it has come. */
  readonly replaces: number;
}

/** Saved logins: each is used by one at a time, changed by whoever uses it only, and encrypted where it lies. */
export class Seeds {
  readonly #store: SeedsOptions['store'];
  readonly #vault: Vault;
  readonly #queue: LeaseQueue;
  /** The runs that use them. */
  readonly users: SeedUsers = new SeedUsers();

  constructor({ store, key, clock = systemClock }: SeedsOptions) {
    this.#store = store;
    this.#vault = new Vault(store.seeds, new SeedKeyring(key));
    this.#queue = new LeaseQueue({ seeds: store.seeds, leases: store.seedLeases, clock });
  }

  /** All there are, by their names, without anything that lets somebody in. */
  async list(): Promise<SeedSummary[]> {
    return (await this.#store.seeds.list()).map((record) => this.#told(record));
  }

  /** Throws `not-found`. */
  async find(id: string): Promise<SeedSummary> {
    const found = await this.#store.seeds.find(id);
    if (!found) throw noSeed(id);
    return this.#told(found);
  }

  /**
   * Saves a login under a name, on disk when it resolves; the same once more changes nothing. Throws `invalid-input` for what is no
   * login, for a name that is taken, and for a ChatGPT login that another seed holds: it can be used in one place only. `again`:
   * see `renew`.
   */
  async add(seed: NewSeed): Promise<SeedSummary> {
    if (seed.again) return this.renew(seed);
    const { id, pool = null, files, facts } = checkNewSeed(seed);
    await this.#refuseTwins(id, facts);
    const added = await this.#store.seeds.add({ id, pool, ...facts }, await this.#vault.sealer(id, files));
    this.#queue.look();
    if (added) return this.#told(added);
    const there = await this.find(id);
    const content = await this.#vault.read(id);
    if (there.pool === pool && content && factsOf(content.files).fingerprint === facts.fingerprint) return there;
    throw nameTaken(id);
  }

  /**
   * Gives a seed a new login of the same account, or a new key, as a new version, whatever has become of the one before. Throws
   * `not-found`, `invalid-input` for that of somebody else and for another pool, and `SeedUnavailableError` while somebody uses the
   * seed for longer than is waited, in milliseconds (not at all).
   */
  async renew(seed: NewSeed, { patienceMs = 0, takesOver = false }: RenewOptions = {}): Promise<SeedSummary> {
    const { id, pool, files, facts } = checkNewSeed(seed);
    const there = await this.find(id);
    if (pool !== undefined && pool !== there.pool) throw otherPool(there);
    await this.#refuseTwins(id, facts);
    const request = { of: { seed: id }, holder: 'login', inAnyState: true, takesOver } as const;
    {
      await using lease = await this.#queue.leaseWithin(request, patienceMs);
      const { version: replaces, files: known } = await this.#contentOf(id);
      const { kind, owner, fingerprint } = factsOf(known);
      if (kind !== facts.kind || (kind === 'chatgpt' && owner !== facts.owner)) throw otherAccount(id);
      if (fingerprint !== facts.fingerprint) {
        const state = { state: 'unknown', reason: 'it has a new login, which nobody has tried yet' } as const;
        const sealer = await this.#vault.sealer(id, { ...known, ...takeFiles(files, CODEX_CRED_MANIFEST) });
        await this.#store.seeds.save({ lease: heldOf(lease), replaces, ...facts, ...state }, sealer);
      }
    }
    return this.find(id); // nobody uses it any more
  }

  /** Which seed holds this very login, now or in a version that is kept. */
  async holderOf(auth: string): Promise<string | undefined> {
    const read = readAuth(auth);
    return read.isWhole ? this.#holderOf(read.facts) : undefined;
  }

  /**
   * Makes an older content the current one, as a new version: the one before, or the one that is named. Throws `not-found`, and
   * `SeedUnavailableError` while somebody uses the seed. Where its token was used since, the provider may refuse it.
   */
  async undo(id: string, { to }: UndoSeed = {}): Promise<SeedSummary> {
    await using lease = await this.lease({ of: { seed: id }, holder: 'undo', whenNone: 'refuse', inAnyState: true });
    const { version: replaces } = await this.find(id);
    const kept = await this.#store.seeds.versions(id);
    const wanted = to ?? kept[1];
    if (wanted === undefined || wanted === replaces) {
      throw new OptioError('invalid-input', `there is no other content of the seed ${id} to go back to`, {
        remedy: `Kept are ${kept.join(', ')}, and the current one is ${replaces}.`,
      });
    }
    const content = await this.#vault.read(id, wanted);
    if (!content) throw noVersion(id, wanted, kept);
    const state = { state: 'unknown', reason: `went back to version ${wanted}` } as const;
    const write = { lease: heldOf(lease), replaces, ...factsOf(content.files), ...state };
    return this.#told(await this.#store.seeds.save(write, await this.#vault.sealer(id, content.files)));
  }

  /** Removes a seed and leaves its newest content, encrypted, of which it gives the id. See `discard`. Throws what `purge` throws. */
  delete(id: string, options: RemoveSeedOptions = {}): Promise<string> {
    return this.#remove(id, options, true);
  }

  /** Removes a seed with all it holds. Throws `not-found`, and `seed-unavailable` while somebody uses it. */
  async purge(id: string, options: RemoveSeedOptions = {}): Promise<void> {
    await this.#remove(id, options, false);
  }

  /** Removes what `delete` has left. Throws `not-found`. */
  async discard(contentId: string): Promise<void> {
    if (await this.#store.seeds.discard(contentId)) return;
    throw new OptioError('not-found', `nothing was left under ${contentId}`, {
      remedy: 'Name what `delete` has given; a seed is removed by its name.',
    });
  }

  /**
   * Encrypts everything anew: with a new key, where it is kept in the data directory, and with the first of those that are given
   * otherwise. All of it or nothing; gives how many contents that were. Throws `seed-unreadable`, `invalid-config`.
   */
  rekey(): Promise<number> {
    return this.#vault.rekey();
  }

  /** Lends a seed to one, who may read it and save it until the lease ends. Throws what `LeaseQueue.lease` throws. */
  lease(request: LeaseRequest): Promise<Lease> {
    return this.#queue.lease(request);
  }

  /** What a leased seed holds. Throws `lease-lost`, `seed-unreadable`. */
  async read(lease: Lease): Promise<SeedContent> {
    lease.signal.throwIfAborted();
    return this.#contentOf(lease.seedId);
  }

  /**
   * Saves what a leased seed has become: the login only, and only a whole one of the same account. On disk when it resolves; what is
   * saved already stays as it is. Throws `invalid-input` for anything else, `lease-lost` and `seed-changed`.
   */
  async save(lease: Lease, { files, replaces }: SavedSeed): Promise<SeedSummary> {
    const { seedId } = lease;
    const taken = takeFiles(files, CODEX_CRED_MANIFEST);
    const facts = factsOf(taken);
    const [current, seed] = [await this.#contentOf(seedId), await this.find(seedId)];
    const known = factsOf(current.files);
    if (known.owner !== facts.owner) throw otherAccount(seedId);
    if (known.fingerprint === facts.fingerprint) return seed;
    const state = seed.state === 'dead' ? ({ state: 'unknown', reason: 'it was renewed' } as const) : seed;
    const sealer = await this.#vault.sealer(seedId, { ...current.files, ...taken });
    const write = { lease: heldOf(lease), replaces, ...facts, state: state.state, reason: state.reason };
    return this.#told(await this.#store.seeds.save(write, sealer));
  }

  /** Notes what was found out about a version; false when it is not the current one any more. */
  async note(id: string, version: number, findings: SeedFindings): Promise<boolean> {
    const isNoted = await this.#store.seeds.note(id, version, findings);
    this.#queue.look();
    return isNoted;
  }

  /** Nobody waits for a lease any more. Leases that are held go on. */
  close(): Promise<void> {
    return this.#queue.close();
  }

  #told(record: SeedRecord): SeedSummary {
    return { ...record, runs: this.users.of(record.id) };
  }

  async #contentOf(id: string): Promise<SeedContent> {
    const content = await this.#vault.read(id);
    if (!content) throw noSeed(id);
    return content;
  }

  async #remove(id: string, { force = false }: RemoveSeedOptions, leavesContent: boolean): Promise<string> {
    const contentId = await this.#store.seeds.remove(id, { isForced: force, leavesContent });
    this.#queue.look();
    return contentId;
  }

  /** A refresh token works once: two seeds that hold the same would end each other. */
  async #refuseTwins(id: string, facts: AuthFacts): Promise<void> {
    const other = facts.kind === 'chatgpt' ? await this.#holderOf(facts, id) : undefined;
    if (other !== undefined) throw twin(other);
  }

  async #holderOf({ fingerprint }: AuthFacts, except?: string): Promise<string | undefined> {
    for (const { id } of await this.#store.seeds.list()) {
      if (id === except) continue;
      for (const version of await this.#store.seeds.versions(id)) {
        const content = await this.#vault.read(id, version).catch((thrown) => {
          if (fromUnknown(thrown).code === 'seed-unreadable') return undefined;
          throw thrown;
        });
        if (content && factsOf(content.files).fingerprint === fingerprint) return id;
      }
    }
    return undefined;
  }
}

function factsOf(files: SeedFiles): AuthFacts {
  const read = readAuth(files[AUTH_FILE] ?? '');
  if (read.isWhole) return read.facts;
  throw new OptioError('invalid-input', `${AUTH_FILE}: ${read.why}`, {
    field: AUTH_FILE,
    remedy: 'Log in with `codex login`, and give the file that it has written.',
  });
}

function heldOf({ seedId, holder, fence }: Lease): HeldLease {
  return { seedId, holder, fence };
}
