import type { ExpressionBuilder } from 'kysely';
import { ENDED_STATES } from '../contract/outcome.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';

/** How many trees of runs are looked at in one go to be removed. */
const MAX_EXPIRED = 100;

/** See `Runs.expired`. */
export async function expiredTrees({ read }: Database, at: string): Promise<string[][]> {
  const roots = await read
    .selectFrom('runs')
    .select('id')
    .where('expires_at', '<=', at)
    .whereRef('id', '=', 'root_id')
    .where(isOver)
    .orderBy('expires_at')
    .limit(MAX_EXPIRED)
    .execute();
  const trees = roots.map(async ({ id }) => {
    const tree = read.selectFrom('runs').select('id').where('root_id', '=', id).where('id', '!=', id);
    const below = await tree.orderBy('created_at').orderBy('id').execute();
    return [id, ...below.map((run) => run.id)];
  });
  return Promise.all(trees);
}

/** See `Runs.expireNow`. */
export async function expireNow(db: Database, id: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await db.write(true, (transaction) =>
    transaction
      .updateTable('runs')
      .set({ expires_at: at })
      .where('id', '=', id)
      .whereRef('id', '=', 'root_id')
      .where(isOver)
      .executeTakeFirstOrThrow(),
  );
  return numUpdatedRows === 1n;
}

export async function nextExpiry({ read }: Database): Promise<string | undefined> {
  const row = await read
    .selectFrom('runs')
    .select(({ fn }) => fn.min('expires_at').as('at'))
    .executeTakeFirst();
  return row?.at ?? undefined;
}

/** All of the tree below a run has ended. */
export function isOver({ not, exists, selectFrom }: ExpressionBuilder<Schema, 'runs'>) {
  const below = selectFrom('runs as below').select('below.id').whereRef('below.root_id', '=', 'runs.id');
  return not(exists(below.where('below.state', 'not in', ENDED_STATES)));
}
