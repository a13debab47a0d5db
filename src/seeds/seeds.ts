import type { NewSeed, RemoveSeedOptions, SeedSummary, UndoSeed } from '../contract/seed.ts';
import type { NewSeedConfig, SavedSeedConfig, SeedConfig } from '../contract/seed-settings.ts';
import { OptioError } from '../errors.ts';
import { noSeed } from '../store/seed-refusals.ts';
import { type AuthFacts, readAuth } from './auth-file.ts';
import type { Lease } from './lease.ts';
import { LentSeeds } from './lent-seeds.ts';
import type { SeedFiles } from './manifest.ts';
import { checkNewSeed } from './new-seed.ts';
import { OneByOne } from './one-by-one.ts';
import { nameTaken, otherAccount, otherPool } from './refusals.ts';
import {
  factsOf,
  filesOfRenewed,
  heldOf,
  isNewOfAnother,
  isOtherConfig,
  UNCHECKED,
  UNTRIED,
  unlessUnreadable,
} from './saved-login.ts';
import { checkSeedConfig, toldConfig } from './seed-config.ts';
import { holderOf, refuseTwins, type SeedContents } from './twins.ts';
import { noOther, noVersion, type SeedContent } from './vault.ts';
import { wentBack } from './went-back.ts';

export interface RenewOptions {
  /** How long to wait for whoever uses the seed, in milliseconds (0). */
  readonly patienceMs?: number;
  /** Whoever held it for the same purpose was another process, and is gone (false). */
  readonly takesOver?: boolean;
}

/** Saved logins: each is used by one at a time, changed by whoever uses it only, and encrypted where it lies. */
export class Seeds extends LentSeeds {
  readonly #saving = new OneByOne();

  /**
   * Saves a login under a name, on disk when it resolves; the same once more changes nothing. Throws `invalid-input` for what is no
   * login or no configuration, for a name that is taken (with another configuration, too), and for a ChatGPT login that another
   * seed holds: it can be used in one place only. `again`: see `renew`.
   */
  async add(seed: NewSeed): Promise<SeedSummary> {
    if (seed.again) return this.renew(seed);
    const { id, pool = null, files, facts, config } = checkNewSeed(seed);
    const added = await this.#unlessTwin(id, facts, async () =>
      this.store.seeds.add({ id, pool, ...facts }, await this.vault.sealer(id, files)),
    );
    this.queue.look();
    if (added) return this.told(added);
    const there = await this.find(id);
    const content = await this.vault.read(id);
    const isSame = there.pool === pool && content && factsOf(content.files).fingerprint === facts.fingerprint;
    if (isSame && !isOtherConfig(content.files, config)) return there;
    throw nameTaken(id);
  }

  /**
   * Gives a seed a new login of the same account, or a new key, as a new version, whatever has become of the one before; and the
   * configuration, where one is given, in the place of that of before. Throws
   * `not-found`, `invalid-input` for that of somebody else and for another pool, and `SeedUnavailableError` while somebody uses the
   * seed for longer than is waited, in milliseconds (not at all).
   */
  async renew(seed: NewSeed, { patienceMs = 0, takesOver = false }: RenewOptions = {}): Promise<SeedSummary> {
    const { id, pool, files, facts, config } = checkNewSeed(seed);
    const there = await this.find(id);
    if (pool !== undefined && pool !== there.pool) throw otherPool(there);
    if (facts.kind === 'chatgpt') await refuseTwins(id, facts, this.#contents);
    await this.shared.letGoIdle();
    const request = { of: { seed: id }, holder: 'login', inAnyState: true, takesOver } as const;
    {
      await using lease = await this.queue.leaseWithin(request, patienceMs);
      const { version: replaces, files: known } = await this.#replaced(lease);
      if (isNewOfAnother(there, known, facts)) throw otherAccount(id);
      const isNew = !known || factsOf(known).fingerprint !== facts.fingerprint;
      if (isNew || isOtherConfig(known, config)) {
        const untried = { state: 'unknown', reason: known ? UNTRIED : UNCHECKED } as const;
        const { state, reason } = isNew ? untried : await this.find(id);
        const sealer = await this.vault.sealer(id, filesOfRenewed(known, files, config));
        const write = { lease: heldOf(lease), replaces, ...facts, state, reason };
        await this.#unlessTwin(id, facts, () => this.store.seeds.save(write, sealer));
        if (isNew) await this.refreshes.forget(id); // an answer that nobody can read would be in the way for ever
      }
    }
    return this.find(id); // nobody uses it any more
  }

  /** Which seed holds this very login, now or in a version that is kept. */
  async holderOf(auth: string): Promise<string | undefined> {
    const read = readAuth(auth);
    return read.isWhole ? holderOf(read.facts, this.#contents) : undefined;
  }

  /** Its settings. Throws `not-found` and `seed-unreadable`. */
  async config(id: string): Promise<SeedConfig> {
    const content = await this.vault.read(id);
    if (!content) throw noSeed(id);
    return toldConfig(content);
  }

  /**
   * Gives a seed other settings, or none, in the place of all it has, as a new version with the same login; the same once more changes
   * nothing. Runs that share it go on, and keep those with which they have begun. Throws `not-found`, `seed-unreadable`,
   * `invalid-input` for what is no TOML, and `SeedUnavailableError` while somebody has it alone.
   */
  async configure(id: string, given: NewSeedConfig): Promise<SavedSeedConfig> {
    const { content, ...kept } = checkSeedConfig(given);
    const dropped = [...kept.dropped];
    const save = (lease: Lease) => this.#saveConfig(lease, content);
    const shared = await this.shared.change(id, save);
    if (shared) return { ...toldConfig(shared), dropped };
    await using lease = await this.lease({
      of: { seed: id },
      holder: 'settings',
      whenNone: 'refuse',
      inAnyState: true,
    });
    return { ...toldConfig(await save(lease)), dropped };
  }

  /**
   * Makes an older content the current one, as a new version: the one before, or the one that is named. Throws `not-found`, and
   * `SeedUnavailableError` while somebody uses the seed. Where its token may have been used since, its reason says so.
   */
  async undo(id: string, { to }: UndoSeed = {}): Promise<SeedSummary> {
    await using lease = await this.lease({ of: { seed: id }, holder: 'undo', whenNone: 'refuse', inAnyState: true });
    await this.read(lease).catch(unlessUnreadable); // what a refresh has given comes first
    const { version: replaces } = await this.find(id);
    const kept = await this.store.seeds.versions(id);
    const wanted = to ?? kept[1];
    if (wanted === undefined || wanted === replaces) throw noOther(id, replaces, kept);
    const content = await this.vault.read(id, wanted);
    if (!content) throw noVersion(id, wanted, kept);
    const others = await Promise.all(kept.map((each) => this.vault.read(id, each).catch(unlessUnreadable)));
    const state = wentBack(
      content,
      others.flatMap((other) => other ?? []),
    );
    const write = { lease: heldOf(lease), replaces, ...factsOf(content.files), ...state };
    return this.told(await this.store.seeds.save(write, await this.vault.sealer(id, content.files)));
  }

  /** Removes a seed and leaves its newest content, encrypted, of which it gives the id. See `discard`. Throws what `purge` throws. */
  async delete(id: string, options: RemoveSeedOptions = {}): Promise<string> {
    if (!options.force && (await this.refreshes.isLeft(id))) {
      await using lease = await this.lease({
        of: { seed: id },
        holder: 'delete',
        whenNone: 'refuse',
        inAnyState: true,
      });
      await this.read(lease); // what is left is to have the newest token
    }
    return this.#remove(id, options, true);
  }

  /** Removes a seed with all it holds. Throws `not-found`, and `seed-unavailable` while somebody uses it. */
  async purge(id: string, options: RemoveSeedOptions = {}): Promise<void> {
    await this.#remove(id, options, false);
  }

  /** Removes what `delete` has left. Throws `not-found`. */
  async discard(contentId: string): Promise<void> {
    if (await this.store.seeds.discard(contentId)) return;
    throw new OptioError('not-found', `nothing was left under ${contentId}`, {
      remedy: 'Name what `delete` has given; a seed is removed by its name.',
    });
  }

  /**
   * Encrypts everything anew: with a new key, where it is kept in the data directory, and with the first of those that are given
   * otherwise. All of it or nothing; gives how many contents that were. Throws `seed-unreadable`, `invalid-config`.
   */
  rekey(): Promise<number> {
    return this.refreshes.rekey((reseal) => this.vault.rekey(reseal));
  }

  /** Removes what was under way of seeds when these were removed. */
  async sweep(): Promise<void> {
    await this.refreshes.sweep().catch(() => {}); // what cannot be read now is tried the next time
  }

  async #saveConfig(lease: Lease, config: string): Promise<SeedContent> {
    const { seedId } = lease;
    const before = await this.read(lease);
    if (!isOtherConfig(before.files, config)) return before;
    const files = filesOfRenewed(before.files, before.files, config);
    const { kind, account, refreshedAt, accessExpiresAt, state, reason } = await this.find(seedId);
    const facts = { kind, account, refreshedAt, accessExpiresAt };
    const write = { lease: heldOf(lease), replaces: before.version, ...facts, state, reason };
    const { version } = await this.store.seeds.save(write, await this.vault.sealer(seedId, files));
    return { version, files };
  }

  /** What a new login takes the place of, with what a refresh has left; without its files where nobody can read them. */
  async #replaced(lease: Lease): Promise<{ readonly version: number; readonly files?: SeedFiles }> {
    const { seedId } = lease;
    const read = await this.read(lease).catch(unlessUnreadable);
    const content = read ?? (await this.vault.read(seedId).catch(unlessUnreadable)); // it may be an answer that is unreadable
    return content ?? { version: (await this.find(seedId)).version };
  }

  /** Saves a login that no other seed holds; one after the other, or two could hold it that come at the same time. */
  #unlessTwin<T>(id: string, facts: AuthFacts, save: () => Promise<T>): Promise<T> {
    if (facts.kind !== 'chatgpt') return save();
    return this.#saving.do('login', async () => {
      await refuseTwins(id, facts, this.#contents);
      return save();
    });
  }

  get #contents(): SeedContents {
    return { store: this.store.seeds, vault: this.vault };
  }

  async #remove(id: string, { force = false }: RemoveSeedOptions, leavesContent: boolean): Promise<string> {
    await this.shared.letGo(id);
    const contentId = await this.store.seeds.remove(id, { isForced: force, leavesContent });
    await this.queue.confirm(id); // whoever has it as a file has to stop before the same login is added again
    await this.refreshes.forget(id);
    await this.sweep();
    this.queue.look();
    return contentId;
  }
}
