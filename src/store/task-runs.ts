import type { Kysely } from 'kysely';
import { ENDED_STATES, type RunState } from '../contract/outcome.ts';
import type { Schema } from './schema.ts';
import type { TaskRuns } from './store.ts';

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
    .select(['tasks.id as taskId', 'runs.id', 'runs.state', 'runs.created_at as createdAt'])
    .select(({ selectFrom }) =>
      selectFrom('runs as active')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('active.task_id', '=', 'tasks.id')
        .where('active.state', 'not in', ENDED_STATES)
        .as('active'),
    );
  if (id !== undefined) query = query.where('tasks.id', '=', id);
  const rows = await query.orderBy('tasks.id').execute();
  return rows.map(({ taskId, active, state, ...last }) => ({
    taskId,
    active: Number(active), // PostgreSQL counts in texts
    last: { ...last, state: state as RunState },
  }));
}
