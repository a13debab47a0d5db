import { type Expression, type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import type { RunState } from '../contract/outcome.ts';
import type { Database } from './database.ts';
import { fromJson } from './json.ts';
import type { RunEntry, RunFilter } from './run-record.ts';
import type { RunTable, Schema } from './schema.ts';

/** What an entry is made of: nothing of a run that may be long. */
const COLUMNS = [
  'id',
  'task_id',
  'name',
  'state',
  'host',
  'attempt',
  'priority',
  'metadata',
  'parent_id',
  'root_id',
  'created_at',
  'scheduled_for',
  'not_before',
  'started_at',
  'ended_at',
  'expires_at',
  'cancel',
  'error',
  'digest',
] as const satisfies (keyof RunTable)[];

type Row = Pick<Selectable<RunTable>, (typeof COLUMNS)[number]> & {
  readonly open_requests: number | null;
  readonly archived_at: string | null;
};

/** The entries of the runs that match a filter; `name_lower` comes with them, for whoever sorts by it. */
export function selectEntries({ read }: Database, filter: RunFilter) {
  return read
    .selectFrom('runs')
    .select([...COLUMNS, 'name_lower'])
    .select((eb) =>
      eb
        .selectFrom('requests')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('requests.state', '=', 'open')
        .whereRef('requests.run_id', '=', 'runs.id')
        .as('open_requests'),
    )
    .select((eb) =>
      eb
        .selectFrom('archived_trees')
        .select('archived_trees.archived_at')
        .whereRef('archived_trees.root_id', '=', 'runs.root_id')
        .as('archived_at'),
    )
    .where((eb) => eb.and(conditionsOf(eb, filter)));
}

export function toEntry(row: Row): RunEntry {
  return {
    id: row.id,
    taskId: row.task_id,
    name: row.name,
    state: row.state as RunState,
    host: row.host,
    attempt: row.attempt,
    priority: row.priority,
    metadata: JSON.parse(row.metadata),
    parentId: row.parent_id,
    rootId: row.root_id,
    createdAt: row.created_at,
    scheduledFor: row.scheduled_for,
    notBefore: row.not_before,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    expiresAt: row.expires_at,
    cancel: fromJson(row.cancel) as RunEntry['cancel'],
    error: fromJson(row.error) as RunEntry['error'],
    digest: fromJson(row.digest) as RunEntry['digest'],
    openRequests: Number(row.open_requests), // PostgreSQL counts in texts
    archivedAt: row.archived_at,
  };
}

/** What a run has to be to match a filter. */
export function conditionsOf(eb: ExpressionBuilder<Schema, 'runs'>, filter: RunFilter): Expression<SqlBool>[] {
  const { ids, states, taskId, parentId, rootId, childKey, host, metadata = {}, search } = filter;
  const { isWaiting, isArchived, endedBefore } = filter;
  const waits = eb.exists(
    eb
      .selectFrom('requests')
      .select('requests.id')
      .where('requests.state', '=', 'open')
      .whereRef('requests.run_id', '=', 'runs.id'),
  );
  const isPutAway = eb.exists(
    eb
      .selectFrom('archived_trees')
      .select('archived_trees.root_id')
      .whereRef('archived_trees.root_id', '=', 'runs.root_id'),
  );
  return [
    ...(ids ? [eb('runs.id', 'in', ids)] : []),
    ...(states ? [eb('runs.state', 'in', states)] : []),
    ...(taskId !== undefined ? [eb('runs.task_id', '=', taskId)] : []),
    ...(parentId !== undefined ? [eb('runs.parent_id', '=', parentId)] : []),
    ...(rootId !== undefined ? [eb('runs.root_id', '=', rootId)] : []),
    ...(childKey !== undefined ? [eb('runs.child_key', '=', childKey)] : []),
    ...(host !== undefined ? [eb('runs.host', '=', host)] : []),
    ...Object.entries(metadata).map(([key, value]) =>
      eb('runs.id', 'in', eb.selectFrom('run_tags').select('run_id').where('key', '=', key).where('value', '=', value)),
    ),
    ...(search !== undefined && search !== '' ? [holds(eb, search.toLowerCase())] : []),
    ...(isWaiting === undefined ? [] : [isWaiting ? waits : eb.not(waits)]),
    ...(isArchived === undefined ? [] : [isArchived ? isPutAway : eb.not(isPutAway)]),
    ...(endedBefore === undefined ? [] : [eb('runs.ended_at', '<', new Date(endedBefore).toISOString())]),
  ];
}

/** Its name or its id holds this text. Ids have no letters but those that every database knows in both cases. */
function holds(eb: ExpressionBuilder<Schema, 'runs'>, text: string): Expression<SqlBool> {
  const pattern = `%${escaped(text)}%`;
  return eb.or([like(eb, eb.ref('runs.name_lower'), pattern), like(eb, eb.fn('lower', ['runs.id']), pattern)]);
}

/** Whether a text is like a pattern in which `\` takes from a character what it means. */
export function like(
  eb: ExpressionBuilder<Schema, 'runs'>,
  text: Expression<unknown>,
  pattern: string,
): Expression<SqlBool> {
  return sql<SqlBool>`${text} like ${eb.val(pattern)} escape '\\'`;
}

/** A text as it stands in such a pattern. */
export function escaped(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
