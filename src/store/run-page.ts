import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { RunQuery } from '../contract/run-query.ts';
import type { Database } from './database.ts';
import { type RunCursor, readCursor, writeCursor } from './run-cursor.ts';
import { selectEntries, toEntry } from './run-entry.ts';
import type { EntryPage } from './run-record.ts';
import type { RunTable } from './schema.ts';

/** How many runs a page has, unless told otherwise. */
const PAGE = 100;

const COLUMN_OF = {
  createdAt: 'created_at',
  startedAt: 'started_at',
  endedAt: 'ended_at',
  name: 'name_lower',
  state: 'state',
} as const;
/** What a run may not have yet: those that have it not come last, in whichever order. */
const NULLABLE: readonly (keyof RunTable)[] = ['started_at', 'ended_at'];

const BY_AGE = ['created_at', 'id'] as const;

type Column = (typeof COLUMN_OF)[keyof typeof COLUMN_OF] | 'id';

/**
 * A page of the runs that match. It begins after the last run of the page before, wherever that is by now, so that a deep
 * page costs no more than the first. Throws `invalid-input` for a cursor that is none.
 */
export async function readPage(db: Database, query: RunQuery): Promise<EntryPage> {
  const { sort = '-createdAt', limit = PAGE, cursor, ...filter } = query;
  const by = COLUMN_OF[sort.replace('-', '') as keyof typeof COLUMN_OF];
  const mayLack = NULLABLE.includes(by);
  const after = cursor === undefined ? undefined : readCursor(sort, cursor, mayLack);
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const read = (
    columns: readonly Column[],
    has: 'is' | 'is not' | undefined,
    from: RunCursor | undefined,
    count: number,
  ) => {
    let entries = selectEntries(db, filter).limit(count);
    if (has) entries = entries.where(by, has, null);
    if (from) entries = entries.where(isBeyond(direction, columns, from));
    for (const column of columns) entries = entries.orderBy(column, direction);
    return entries.execute();
  };
  const order: readonly Column[] = by === 'created_at' ? BY_AGE : [by, ...BY_AGE];
  const isPast = after?.key === null;
  const rows = isPast ? [] : await read(order, mayLack ? 'is not' : undefined, after, limit + 1);
  // In two steps, each of which is a stretch of an index.
  if (mayLack && rows.length <= limit) {
    rows.push(...(await read(BY_AGE, 'is', isPast ? after : undefined, limit + 1 - rows.length)));
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const isLast = rows.length <= limit || !last;
  return {
    entries: page.map(toEntry),
    next: isLast ? null : writeCursor(sort, { key: last[by], createdAt: last.created_at, id: last.id }),
  };
}

/** Whether a run comes after the one that a page has ended with. */
function isBeyond(
  direction: 'asc' | 'desc',
  columns: readonly Column[],
  { key, createdAt, id }: RunCursor,
): RawBuilder<SqlBool> {
  const refs = sql.join(columns.map((column) => sql.ref(column)));
  const values = sql.join([...(columns.length > 2 ? [key] : []), createdAt, id]);
  return direction === 'asc' ? sql<SqlBool>`(${refs}) > (${values})` : sql<SqlBool>`(${refs}) < (${values})`;
}
