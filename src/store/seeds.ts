import { randomUUID } from 'node:crypto';
import type { Transaction } from 'kysely';
import { OptioError } from '../errors.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { isFree, isHeldBy } from './seed-leases.ts';
import {
  KEPT_VERSIONS,
  type NewSeedRecord,
  type Seal,
  type SealedContent,
  type SeedFindings,
  type SeedRecord,
  type Seeds,
  type SeedWrite,
} from './seed-record.ts';
import { leaseLost, noSeed, seedChanged } from './seed-refusals.ts';
import { closedUntil, findSeed, inUtc, readSeeds, rowOfFacts } from './seed-rows.ts';

/** Saved logins. What they hold comes and goes encrypted; who may use one is said by `SeedLeases`. */
export class SqlSeeds implements Seeds {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async add(seed: NewSeedRecord, seal: Seal): Promise<SeedRecord | undefined> {
    const { id, pool } = seed;
    const at = now();
    const isAdded = await this.#db
      .write(true, async (transaction) => {
        const unused = { seed_id: id, holder: null, expires_at: null, last_leased_at: null };
        await transaction
          .insertInto('seed_leases')
          .values(unused)
          .onConflict((conflict) => conflict.column('seed_id').doNothing())
          .execute();
        const version = await nextVersion(transaction, id);
        const { numInsertedOrUpdatedRows } = await transaction
          .insertInto('seeds')
          .values({
            ...{ id, pool, version, ...rowOfFacts(seed), usage: '[]', closed_until: null },
            ...{ state: 'unknown', reason: 'nobody has tried it yet', since: at, created_at: at, updated_at: at },
          })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .executeTakeFirstOrThrow();
        if (numInsertedOrUpdatedRows !== 1n) throw new Taken();
        await putContent(transaction, { seedId: id, version, sealed: seal(version) }, at);
        return true;
      })
      .catch((thrown: unknown) => {
        if (thrown instanceof Taken) return false;
        throw thrown;
      });
    return isAdded ? this.find(id) : undefined;
  }

  find(id: string): Promise<SeedRecord | undefined> {
    return findSeed(this.#db.read, id);
  }

  list(): Promise<SeedRecord[]> {
    return readSeeds(this.#db.read);
  }

  async content(id: string, version?: number): Promise<SealedContent | undefined> {
    const kept = this.#db.read
      .selectFrom('seed_contents')
      .select(['seed_id as seedId', 'version', 'sealed'])
      .where('seed_id', '=', id)
      .where('is_left', '=', 0);
    const wanted =
      version === undefined ? kept.orderBy('version', 'desc').limit(1) : kept.where('version', '=', version);
    return wanted.executeTakeFirst();
  }

  async versions(id: string): Promise<number[]> {
    const rows = await this.#db.read
      .selectFrom('seed_contents')
      .select('version')
      .where('seed_id', '=', id)
      .where('is_left', '=', 0)
      .orderBy('version', 'desc')
      .execute();
    return rows.map(({ version }) => version);
  }

  async save(write: SeedWrite, seal: Seal): Promise<SeedRecord> {
    const { lease, replaces, state, reason } = write;
    const { seedId } = lease;
    return this.#db.write(true, async (transaction) => {
      const at = now();
      const held = await transaction
        .updateTable('seed_leases')
        .set(({ eb }) => ({ last_version: eb('last_version', '+', 1) }))
        .where((of) => isHeldBy(of, lease))
        .returning('last_version')
        .executeTakeFirst();
      if (!held) throw leaseLost(lease);
      const version = held.last_version;
      const current = await findSeed(transaction, seedId);
      if (current?.version !== replaces) throw seedChanged(seedId, replaces);
      const since = current.state === state ? current.since : at;
      await transaction
        .updateTable('seeds')
        .set({ ...rowOfFacts(write), version, state, reason, since, updated_at: at })
        .where('id', '=', seedId)
        .execute();
      await putContent(transaction, { seedId, version, sealed: seal(version) }, at);
      await transaction
        .deleteFrom('seed_contents')
        .where('seed_id', '=', seedId)
        .where('is_left', '=', 0)
        .where('version', '<=', await oldestLost(transaction, seedId))
        .execute();
      return (await findSeed(transaction, seedId)) as SeedRecord;
    });
  }

  async note(id: string, version: number, findings: SeedFindings): Promise<boolean> {
    const { state, reason, plan } = findings;
    const usage = findings.usage && inUtc(findings.usage);
    const at = now();
    return this.#db.write(true, async (transaction) => {
      // A write comes first: what is read then is not changed by anybody else before it is written.
      const current = await transaction
        .updateTable('seeds')
        .set({ updated_at: at })
        .where('id', '=', id)
        .where('version', '=', version)
        .returning(['state', 'account'])
        .executeTakeFirst();
      if (!current) return false;
      const account = current.account === null ? null : JSON.parse(current.account);
      const changed = {
        ...(state && { state, ...(state !== current.state && { since: at }) }),
        ...(reason !== undefined && { reason }),
        ...(usage && { usage: JSON.stringify(usage), closed_until: closedUntil(usage) }),
        ...(plan !== undefined && account && { account: JSON.stringify({ ...account, plan }) }),
      };
      await transaction
        .updateTable('seeds')
        .set({ ...changed, updated_at: at })
        .where('id', '=', id)
        .execute();
      return true;
    });
  }

  async remove(id: string, { isForced, leavesContent }: Parameters<Seeds['remove']>[1]): Promise<string> {
    return this.#db.write(true, async (transaction) => {
      const taken = await transaction
        .updateTable('seed_leases')
        .set({ holder: null, expires_at: null })
        .where('seed_id', '=', id)
        .where((of) => (isForced ? of.lit(true) : isFree(of)))
        .executeTakeFirstOrThrow();
      const seed = await findSeed(transaction, id);
      if (!seed) throw noSeed(id);
      if (taken.numUpdatedRows !== 1n) throw inUse(seed);
      const { version } = seed;
      await transaction.deleteFrom('seeds').where('id', '=', id).execute();
      const newest = await transaction
        .updateTable('seed_contents')
        .set({ is_left: 1 })
        .where('seed_id', '=', id)
        .where('version', '=', version)
        .returning('id')
        .executeTakeFirstOrThrow();
      const contents = transaction.deleteFrom('seed_contents').where('seed_id', '=', id);
      await contents.where('is_left', '=', 0).execute();
      if (!leavesContent) await contents.where('id', '=', newest.id).execute();
      return newest.id;
    });
  }

  async discard(contentId: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db.write(true, (transaction) =>
      transaction
        .deleteFrom('seed_contents')
        .where('id', '=', contentId)
        .where('is_left', '=', 1)
        .executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  async reseal(seal: (content: SealedContent) => string): Promise<number> {
    return this.#db.write(true, async (transaction) => {
      const rows = await transaction
        .selectFrom('seed_contents')
        .select(['id', 'seed_id', 'version', 'sealed'])
        .execute();
      for (const { id, seed_id: seedId, version, sealed } of rows) {
        const anew = { sealed: seal({ seedId, version, sealed }) };
        await transaction.updateTable('seed_contents').set(anew).where('id', '=', id).execute();
      }
      return rows.length;
    });
  }
}

/** Undoes what a transaction has begun: the name is taken. */
class Taken extends Error {}

async function nextVersion(transaction: Transaction<Schema>, id: string): Promise<number> {
  const { last_version } = await transaction
    .updateTable('seed_leases')
    .set(({ eb }) => ({ last_version: eb('last_version', '+', 1) }))
    .where('seed_id', '=', id)
    .returning('last_version')
    .executeTakeFirstOrThrow();
  return last_version;
}

async function putContent(transaction: Transaction<Schema>, content: SealedContent, at: string): Promise<void> {
  const { seedId, version, sealed } = content;
  const row = { id: `content-${randomUUID()}`, seed_id: seedId, version, sealed, saved_at: at };
  await transaction.insertInto('seed_contents').values(row).execute();
}

/** The newest version that is not kept any more; 0 when all are. */
async function oldestLost(transaction: Transaction<Schema>, id: string): Promise<number> {
  const row = await transaction
    .selectFrom('seed_contents')
    .select('version')
    .where('seed_id', '=', id)
    .where('is_left', '=', 0)
    .orderBy('version', 'desc')
    .offset(KEPT_VERSIONS)
    .limit(1)
    .executeTakeFirst();
  return row?.version ?? 0;
}

function inUse({ id, lease }: SeedRecord): OptioError {
  const who = lease ? `${lease.holder} until ${lease.expiresAt}` : 'somebody';
  return new OptioError('seed-unavailable', `the seed ${id} is used by ${who}`, {
    remedy: 'Wait until it is free, or force it: what its user would save is lost then.',
  });
}

function now(): string {
  return new Date().toISOString();
}
