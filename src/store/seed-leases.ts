import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { SeedLease } from '../contract/seed.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { type HeldLease, type LeaseOrder, MAX_LEASE_MS, type SeedLeases } from './seed-record.ts';
import { storeTime } from './store-clock.ts';

/** Each of these is one statement: of all who want the same, one has it. */
export class SqlSeedLeases implements SeedLeases {
  readonly #db: Database;
  #bounded: Promise<void> | undefined;

  constructor(db: Database) {
    this.#db = db;
  }

  async acquire(order: LeaseOrder): Promise<(HeldLease & Pick<SeedLease, 'expiresAt'>) | undefined> {
    const { holder } = order;
    this.#bounded ??= this.#bound();
    await this.#bounded;
    // On disk before anybody uses it: after a power cut nobody else is to have it as well.
    const row = await this.#db.write(true, (transaction) =>
      transaction
        .updateTable('seed_leases')
        .set(({ eb }) => ({
          fence: eb('fence', '+', 1),
          holder,
          expires_at: untilLast(),
          last_leased_at: storeTime(),
        }))
        .where('seed_id', '=', (seeds) =>
          seeds
            .selectFrom('seeds')
            .innerJoin('seed_leases', 'seed_leases.seed_id', 'seeds.id')
            .select('seeds.id')
            .where((of) => isFree(of, order))
            .where((of) => isMeant(of, order))
            .orderBy(({ eb }) => eb('seeds.state', '=', 'healthy'), 'desc')
            .orderBy('seed_leases.last_leased_at', (by) => by.asc().nullsFirst())
            .orderBy('seeds.id')
            .limit(1),
        )
        // Once more, for a database in which others may write meanwhile.
        .where((of) => isFree(of, order))
        .returning(['seed_id', 'fence', 'expires_at'])
        .executeTakeFirst(),
    );
    return row && { seedId: row.seed_id, holder, fence: Number(row.fence), expiresAt: row.expires_at ?? '' };
  }

  async renew(lease: HeldLease): Promise<boolean> {
    const { numUpdatedRows } = await this.#db.write(false, (transaction) =>
      transaction
        .updateTable('seed_leases')
        .set({ expires_at: untilLast() })
        .where((of) => isHeldBy(of, lease))
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async release(lease: HeldLease): Promise<boolean> {
    const { numUpdatedRows } = await this.#db.write(false, (transaction) =>
      transaction
        .updateTable('seed_leases')
        .set({ holder: null, expires_at: null })
        .where((of) => isHeldBy(of, lease))
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  /** The clock may have been ahead when a lease was given: nobody is to wait for longer than one is given for. */
  async #bound(): Promise<void> {
    const tooLate = this.#db.read.selectFrom('seed_leases').select('seed_id').where('expires_at', '>', untilLast());
    if (!(await tooLate.executeTakeFirst())) return;
    await this.#db.write(false, (transaction) =>
      transaction
        .updateTable('seed_leases')
        .set({ expires_at: untilLast() })
        .where('expires_at', '>', untilLast())
        .execute(),
    );
  }
}

type OfLeases = ExpressionBuilder<Schema, 'seed_leases'>;

function untilLast(): Expression<string> {
  return storeTime(MAX_LEASE_MS);
}

/** Nobody has it, or whoever had it has let it run out; or it may be taken from him. */
export function isFree(
  { or, eb }: OfLeases,
  { holder, takesOver = false }: Partial<Pick<LeaseOrder, 'holder' | 'takesOver'>> = {},
): Expression<SqlBool> {
  return or([
    eb('seed_leases.holder', 'is', null),
    eb('seed_leases.expires_at', '<=', storeTime()),
    ...(takesOver && holder !== undefined ? [eb('seed_leases.holder', '=', holder)] : []),
  ]);
}

/** Whether it is held, also where it has run out and nobody else has taken it. */
export function isHeldBy({ and, eb }: OfLeases, { seedId, holder, fence }: HeldLease): Expression<SqlBool> {
  return and([
    eb('seed_leases.seed_id', '=', seedId),
    eb('seed_leases.holder', '=', holder),
    eb('seed_leases.fence', '=', fence),
  ]);
}

function isMeant({ and, or, eb }: ExpressionBuilder<Schema, 'seeds'>, order: LeaseOrder): Expression<SqlBool> {
  const { of, at, inAnyState = false } = order;
  const isNamed = 'seed' in of ? eb('seeds.id', '=', of.seed) : eb('seeds.pool', '=', of.pool);
  if (inAnyState) return isNamed;
  const isOpen = or([eb('seeds.closed_until', 'is', null), eb('seeds.closed_until', '<=', at)]);
  return and([isNamed, isOpen, eb('seeds.state', '!=', 'dead')]);
}
