import { sql, type Transaction } from 'kysely';
import type { Schema } from './schema.ts';

/** What there was before, in the order in which it is now: the long texts last. */
const BEFORE = [
  ...['id', 'task_id', 'state', 'host', 'claim', 'attempt', 'last_seq', 'priority', 'metadata'],
  ...['parent_id', 'root_id', 'child_key', 'parent_attempt', 'created_at', 'scheduled_for', 'not_before'],
  ...['started_at', 'ended_at', 'ttl_ms', 'expires_at', 'cancel'],
  ...['budget', 'definition', 'params', 'checkpoint', 'outcome'],
];

/**
 * Makes the table of runs anew, with what lists need before the long texts: SQLite reads a row from its begin, and has to
 * go through all pages of a long text for what comes after it.
 */
export async function narrowRuns(db: Transaction<Schema>): Promise<void> {
  await db.schema.alterTable('runs').renameTo('runs_before').execute();
  await db.schema
    .createTable('runs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('task_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_lower', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('claim', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(1))
    .addColumn('last_seq', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addColumn('parent_id', 'text')
    .addColumn('root_id', 'text', (column) => column.notNull())
    .addColumn('child_key', 'text')
    .addColumn('parent_attempt', 'integer')
    .addColumn('retry_of', 'text')
    .addColumn('created_at', 'text', (column) => column.notNull())
    .addColumn('scheduled_for', 'text')
    .addColumn('not_before', 'text')
    .addColumn('started_at', 'text')
    .addColumn('ended_at', 'text')
    .addColumn('ttl_ms', 'bigint')
    .addColumn('expires_at', 'text')
    .addColumn('launch_key', 'text')
    .addColumn('launch_print', 'text')
    .addColumn('digest', 'text')
    .addColumn('cancel', 'text')
    .addColumn('error', 'text')
    .addColumn('budget', 'text')
    .addColumn('definition', 'text')
    .addColumn('params', 'text')
    .addColumn('checkpoint', 'text')
    .addColumn('outcome', 'text')
    .execute();
  const columns = sql.join(BEFORE.map((name) => sql.ref(name)));
  const copied = sql`insert into runs (name, name_lower, ${columns}) select task_id, task_id, ${columns} from runs_before`;
  await copied.execute(db);
  await db.schema.dropTable('runs_before').execute(); // with its indexes, whose names are free then
  await indexRuns(db);
  for (const { id } of await db.selectFrom('runs').select('id').execute()) await nameRun(db, id);
}

/** Each list goes through an index from its first row to its last. */
async function indexRuns(db: Transaction<Schema>): Promise<void> {
  const index = (name: string) => db.schema.createIndex(`runs_by_${name}`).on('runs');
  for (const column of ['created_at', 'expires_at']) await index(column).columns([column, 'id']).execute();
  for (const column of ['task_id', 'parent_id', 'root_id', 'state', 'started_at', 'ended_at']) {
    await index(column).columns([column, 'created_at', 'id']).execute();
  }
  await index('name').columns(['name_lower', 'created_at', 'id']).execute();
  // However often a parent is executed after a death, each of its children is there once.
  await index('child_key').columns(['parent_id', 'child_key', 'parent_attempt']).unique().execute();
  // However often the same thing is asked for after a lost connection, it is there once.
  await index('launch_key').column('launch_key').unique().execute();
}

/** Says of a run of an older program what that had in other places: how it is called, and what has come of it. */
async function nameRun(db: Transaction<Schema>, id: string): Promise<void> {
  const run = await db
    .selectFrom('runs')
    .select(['task_id', 'definition', 'outcome', 'ended_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
  const { name: given } = read<{ readonly name?: unknown }>(run.definition);
  const name = typeof given === 'string' && given !== '' ? given.slice(0, 200) : run.task_id;
  const { error, turns, usage } = read<Ended>(run.outcome);
  const digest = {
    ...{ activity: null, model: null, effort: null, turns: turns ?? 0, tokens: usage?.total ?? 0 },
    ...{ contextTokens: null, contextWindow: null, progress: null, diff: { files: 0, added: 0, removed: 0 } },
    lastEventAt: run.ended_at,
  };
  await db
    .updateTable('runs')
    .set({
      name,
      name_lower: name.toLowerCase(),
      ...(error !== undefined && { error: JSON.stringify(error) }),
      ...(run.outcome !== null && { digest: JSON.stringify(digest) }),
    })
    .where('id', '=', id)
    .execute();
}

interface Ended {
  readonly error?: unknown;
  readonly turns?: number;
  readonly usage?: { readonly total?: number };
}

function read<T extends object>(text: string | null): Partial<T> {
  return text === null ? {} : ((JSON.parse(text) ?? {}) as Partial<T>);
}
