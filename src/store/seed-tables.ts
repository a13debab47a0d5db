import type { Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** Saved logins. Their contents are small and have to be written together with what is said of them: rows, and no files. */
export async function seedTables(db: Transaction<Schema>): Promise<void> {
  await db.schema
    .createTable('seeds')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('pool', 'text')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('since', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('account', 'text')
    .addColumn('usage', 'text', (column) => column.notNull())
    .addColumn('closed_until', 'text')
    .addColumn('refreshed_at', 'text')
    .addColumn('access_expires_at', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('seeds_by_pool').on('seeds').column('pool').execute();
  await db.schema
    .createTable('seed_contents')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('seed_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'text', (column) => column.notNull())
    .addColumn('is_left', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('seed_contents_by_version')
    .on('seed_contents')
    .columns(['seed_id', 'version'])
    .unique()
    .execute();
  await db.schema
    .createTable('seed_leases')
    .addColumn('seed_id', 'text', (column) => column.primaryKey())
    .addColumn('fence', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('last_version', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('holder', 'text')
    .addColumn('expires_at', 'text')
    .addColumn('last_leased_at', 'text')
    .execute();
}
