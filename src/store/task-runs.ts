import type { Kysely } from 'kysely';
import { ENDED_STATES, RUN_STATES, type RunState } from '../contract/outcome.ts';
import type { Schema } from './schema.ts';
import type { TaskRuns } from './store.ts';

/** Said so and not by what they are not, there is an index for them. */
const ACTIVE_STATES = RUN_STATES.filter((state) => !ENDED_STATES.includes(state));

/** What runs there are of each task that is written down, in one question; see `Tasks.runs`. */
export async function readTaskRuns(db: Kysely<Schema>, id?: string): Promise<TaskRuns[]> {
  let query = db
    .selectFrom('tasks')
    .innerJoin('runs', (join) =>
      join.on('runs.id', '=', (last) =>
        last
          .selectFrom('runs as of_task')
          .select('of_task.id')
          .whereRef('of_task.task_id', '=', 'tasks.id')
          .orderBy('of_task.created_at', 'desc')
          .orderBy('of_task.id', 'desc')
          .limit(1),
      ),
    )
    .leftJoin(
      (of) =>
        of
          .selectFrom('runs')
          .select(({ fn }) => ['task_id', fn.countAll<number>().as('count')])
          .where('state', 'in', ACTIVE_STATES)
          .groupBy('task_id')
          .as('active'),
      (join) => join.onRef('active.task_id', '=', 'tasks.id'),
    )
    .select(['tasks.id as taskId', 'active.count', 'runs.id', 'runs.state', 'runs.created_at as createdAt']);
  if (id !== undefined) query = query.where('tasks.id', '=', id);
  const rows = await query.orderBy('tasks.id').execute();
  return rows.map(({ taskId, count, state, ...last }) => ({
    taskId,
    active: Number(count ?? 0), // PostgreSQL counts in texts
    last: { ...last, state: state as RunState },
  }));
}
