import type { Kysely, Selectable, Transaction } from 'kysely';
import type { SeedAccount, SeedKind, SeedMode, SeedState, UsageWindow } from '../contract/seed.ts';
import type { Schema, SeedTable } from './schema.ts';
import type { SeedFacts, SeedRecord } from './seed-record.ts';
import { storeTime } from './store-clock.ts';

type Tables = Kysely<Schema> | Transaction<Schema>;

/** All there are, by their ids, each with who uses it now. */
export async function readSeeds(db: Tables): Promise<SeedRecord[]> {
  return (await withLeases(db).orderBy('seeds.id').execute()).map(toRecord);
}

export async function findSeed(db: Tables, id: string): Promise<SeedRecord | undefined> {
  const row = await withLeases(db).where('seeds.id', '=', id).executeTakeFirst();
  return row && toRecord(row);
}

/** What a content says of itself, as it stands in a row. */
export function rowOfFacts({ kind, account, refreshedAt, accessExpiresAt }: SeedFacts) {
  return {
    kind,
    account: account && JSON.stringify(account),
    refreshed_at: refreshedAt,
    access_expires_at: accessExpiresAt,
  };
}

/** When all windows are open that are used up now; null when none is, or one does not say when it begins anew. */
export function closedUntil(usage: readonly UsageWindow[]): string | null {
  const ends = usage.flatMap(({ usedPercent, resetsAt }) =>
    usedPercent >= 100 && resetsAt !== null ? [resetsAt] : [],
  );
  return ends.sort().at(-1) ?? null;
}

/** The same with times that can be compared as texts. One that is none is left out. */
export function inUtc(usage: readonly UsageWindow[]): UsageWindow[] {
  return usage.map((window) => {
    const time = Date.parse(window.resetsAt ?? '');
    return { ...window, resetsAt: Number.isNaN(time) ? null : new Date(time).toISOString() };
  });
}

function withLeases(db: Tables) {
  return db
    .selectFrom('seeds')
    .innerJoin('seed_leases', 'seed_leases.seed_id', 'seeds.id')
    .selectAll('seeds')
    .select(['holder', 'fence', 'expires_at', 'last_leased_at'])
    .select(({ eb }) => eb('expires_at', '>', storeTime()).as('is_leased'));
}

type Row = Selectable<SeedTable> &
  Pick<Selectable<Schema['seed_leases']>, 'holder' | 'fence' | 'expires_at' | 'last_leased_at'> & {
    readonly is_leased: unknown;
  };

function toRecord(row: Row): SeedRecord {
  const { holder, fence, expires_at: expiresAt } = row;
  const kind = row.kind as SeedKind;
  const account: SeedAccount | null = row.account === null ? null : JSON.parse(row.account);
  return {
    id: row.id,
    pool: row.pool,
    kind,
    mode: modeOf(kind, account),
    state: row.state as SeedState,
    reason: row.reason,
    since: row.since,
    version: row.version,
    account,
    usage: JSON.parse(row.usage),
    lease: row.is_leased && holder !== null && expiresAt !== null ? { holder, fence: Number(fence), expiresAt } : null,
    refreshedAt: row.refreshed_at,
    accessExpiresAt: row.access_expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    lastLeasedAt: row.last_leased_at,
  };
}

/** Codex takes a token only together with the id of its account. */
function modeOf(kind: SeedKind, account: SeedAccount | null): SeedMode {
  if (kind === 'apiKey') return 'key';
  return account?.accountId ? 'broker' : 'file';
}
