import type { ExpressionBuilder } from 'kysely';
import { ENDED_STATES } from '../contract/outcome.ts';
import type { Database } from './database.ts';
import { escaped, like } from './run-entry.ts';
import type { Schema } from './schema.ts';
import type { RunMatch } from './store.ts';

/** How many of the runs are given that may be meant: enough to name ten and to know that there are more. */
const MAX_MATCHES = 11;
/** With fewer characters of an id a run is not named. */
const MIN_PREFIX = 4;
/** How ids of runs begin. */
const RUN = 'run-';

/**
 * Which runs a reference may mean: what is exact comes before what is not. Of several of a name it is the only one that has
 * not ended; `@last` is the newest that no other run has begun.
 */
export async function resolveReference({ read }: Database, reference: string): Promise<RunMatch[]> {
  if (reference.includes('\0')) return []; // PostgreSQL takes none in a text
  const runs = read
    .selectFrom('runs')
    .select(['id', 'name', 'state', 'created_at as createdAt'])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(MAX_MATCHES);
  const queries = [];
  if (reference === '@last') queries.push(runs.where('parent_id', 'is', null).limit(1));
  queries.push(runs.where('id', '=', reference));
  const named = runs.where('name_lower', '=', reference.toLowerCase()).where('name', '=', reference);
  queries.push(named.where('state', 'not in', ENDED_STATES), named);
  const rest = reference.startsWith(RUN) ? reference.slice(RUN.length) : reference;
  if (rest.length >= MIN_PREFIX) {
    const prefixes = [`${RUN}${rest}`, ...(rest === reference ? [rest] : [])];
    queries.push(runs.where((eb) => eb.or(prefixes.map((prefix) => begins(eb, prefix)))));
  }
  for (const query of queries) {
    const matches = await query.execute();
    if (matches.length > 0) return matches as RunMatch[];
  }
  return [];
}

function begins(eb: ExpressionBuilder<Schema, 'runs'>, prefix: string) {
  return like(eb, eb.ref('id'), `${escaped(prefix)}%`);
}
