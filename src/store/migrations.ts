import type { Kysely, Transaction } from 'kysely';
import { OptioError } from '../errors.ts';
import { narrowRuns } from './narrow-runs.ts';
import type { Schema } from './schema.ts';
import { seedTables } from './seed-tables.ts';
import { createTextIndex } from './text-index.ts';

export type Migration = (db: Transaction<Schema>) => Promise<void>;

/** Each brings the tables from one version to the next. What was released is never changed: a new one is added. */
export const MIGRATIONS: readonly Migration[] = [firstTables, serverTables, archive, searching, seedTables];

/** The version that this program writes. */
const SCHEMA_VERSION = MIGRATIONS.length;

/**
 * Brings the tables to the version of this program, all the way or not at all; true when there was something to do.
 * Throws `store-version` for a store that a newer program has written. `migrations`: all there are, for tests.
 */
export function migrate(db: Kysely<Schema>, migrations = MIGRATIONS): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await transaction.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .execute();
    const row = await transaction.selectFrom('schema_version').select('version').executeTakeFirst();
    const version = row?.version ?? 0;
    refuseNewer(version, migrations.length);
    for (const migration of migrations.slice(version)) await migration(transaction);
    const now = { version: migrations.length };
    if (row) await transaction.updateTable('schema_version').set(now).execute();
    else await transaction.insertInto('schema_version').values(now).execute();
    return version < migrations.length;
  });
}

/** Throws `store-version` for a store that a newer program has written: it may hold what this one would lose. */
export function refuseNewer(version: number, known: number = SCHEMA_VERSION): void {
  if (version <= known) return;
  throw new OptioError('store-version', `the store is of version ${version}, and this program knows ${known}`, {
    remedy: 'Use the newer optio-codex that wrote it, or name another data directory with OPTIO_CODEX_HOME.',
  });
}

/** A number is a `bigint` where it may pass 32 bits: `integer` has no more of them in PostgreSQL. */
async function firstTables(db: Transaction<Schema>): Promise<void> {
  await db.schema
    .createTable('tasks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('definition', 'text')
    .addColumn('schedule', 'text')
    .addColumn('is_paused', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('fires_after', 'text', (column) => column.notNull())
    .addColumn('last_fired_at', 'text')
    .addColumn('last_skipped_at', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('claim', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('last_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('budget', 'text')
    .addColumn('definition', 'text')
    .addColumn('params', 'text')
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('root_id', 'text', (column) => column.notNull())
    .addColumn('child_key', 'text')
    .addColumn('parent_attempt', 'integer')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('scheduled_for', 'text')
    .addColumn('not_before', 'text')
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('ttl_ms', 'bigint')
    .addColumn('expires_at', 'text')
    .addColumn('cancel', 'text')
    .addColumn('checkpoint', 'text')
    .addColumn('outcome', 'text')
    .execute();
  for (const column of ['state', 'task_id', 'parent_id', 'root_id', 'expires_at'] as const) {
    await db.schema.createIndex(`runs_by_${column}`).on('runs').column(column).execute();
  }
  // However often a parent is executed after a death, each of its children is there once.
  await db.schema
    .createIndex('runs_by_child_key')
    .on('runs')
    .columns(['parent_id', 'child_key', 'parent_attempt'])
    .unique()
    .execute();
  await db.schema
    .createTable('run_tags')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_tags_key', ['key', 'value', 'run_id'])
    .execute();
  await db.schema
    .createTable('journal')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('journal_key', ['run_id', 'seq'])
    .execute();
  await db.schema
    .createTable('requests')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'text', (column) => column.notNull())
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('answer', 'text')
    .addColumn('answered_by', 'text')
    .addColumn('closed_at', 'text')
    .addPrimaryKeyConstraint('requests_key', ['run_id', 'id'])
    .execute();
  await db.schema.createIndex('requests_by_state').on('requests').columns(['state', 'run_id']).execute();
  await db.schema
    .createTable('launch_blocks')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('workspaces')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('is_shared', 'integer', (column) => column.notNull())
    .addColumn('since', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('blob_uses')
    .addColumn('blob_id', 'text', (column) => column.notNull())
    .addColumn('used_by', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('blob_uses_key', ['used_by', 'blob_id'])
    .execute();
  await db.schema.createIndex('blob_uses_by_blob').on('blob_uses').column('blob_id').execute();
}

/** What a server needs: lists in pages, what is made only once, who may come in, and which messages were sent. */
async function serverTables(db: Transaction<Schema>): Promise<void> {
  await narrowRuns(db);
  await db.schema
    .createTable('tokens')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'text')
    .execute();
  await db.schema
    .createTable('messages')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('messages_key', ['run_id', 'id'])
    .execute();
}

/** A table of its own: a new column of the runs would come after their long texts, and every list would have to read those. */
async function archive(db: Transaction<Schema>): Promise<void> {
  await db.schema
    .createTable('archived_trees')
    .addColumn('root_id', 'text', (column) => column.primaryKey())
    .addColumn('archived_at', 'text', (column) => column.notNull())
    .execute();
}

/** What was said in runs, to be found. All of it is made of the journals: `search_marks` say how far each was read. */
async function searching(db: Transaction<Schema>): Promise<void> {
  await db.schema
    .createTable('search_texts')
    .addColumn('id', 'integer', (column) => column.primaryKey())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .addColumn('at', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('turn_id', 'text')
    .addColumn('item_id', 'text')
    .addColumn('request_id', 'text')
    .addColumn('message_id', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('search_texts_by_run').on('search_texts').columns(['run_id', 'id']).execute();
  await db.schema.createIndex('search_texts_by_key').on('search_texts').columns(['run_id', 'key']).execute();
  await db.schema
    .createTable('search_marks')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('seq', 'bigint', (column) => column.notNull())
    .execute();
  await createTextIndex(db);
}
