import { ENDED_STATES } from '../contract/outcome.ts';
import type { Database } from './database.ts';

/** How many trees of runs are looked at in one go to be removed. */
const MAX_EXPIRED = 100;

/** See `Runs.expired`. */
export async function expiredTrees({ read }: Database, at: string): Promise<string[][]> {
  const roots = await read
    .selectFrom('runs')
    .select('id')
    .where('expires_at', '<=', at)
    .whereRef('id', '=', 'root_id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('runs as below')
            .select('below.id')
            .whereRef('below.root_id', '=', 'runs.id')
            .where('below.state', 'not in', ENDED_STATES),
        ),
      ),
    )
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
