import type { Selectable, Transaction } from 'kysely';
import { ENDED_STATES } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';
import type { Database } from './database.ts';
import { fromJson, toJson } from './json.ts';
import type { Schema, TaskTable } from './schema.ts';
import type { Fire, TaskDefinition, TaskRecord, TaskRuns, Tasks } from './store.ts';
import { readTaskRuns } from './task-runs.ts';

export class SqlTasks implements Tasks {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async put(task: TaskDefinition, at: string): Promise<TaskRecord> {
    const defined = {
      name: task.name,
      description: task.description ?? null,
      metadata: JSON.stringify(task.metadata),
      definition: toJson(task.definition, 'definition'),
      schedule: toJson(task.schedule, 'schedule'),
      updated_at: at,
    };
    const row = await this.#db.write(true, (transaction) =>
      transaction
        .insertInto('tasks')
        .values({ ...defined, id: task.id, fires_after: at, created_at: at })
        .onConflict((conflict) =>
          conflict.column('id').doUpdateSet(({ case: when, ref }) => ({
            ...defined,
            fires_after: when()
              .when('tasks.schedule', 'is not distinct from', ref('excluded.schedule'))
              .then(ref('tasks.fires_after'))
              .else(at)
              .end(),
          })),
        )
        .returningAll()
        .executeTakeFirstOrThrow(),
    );
    return toRecord(row);
  }

  async find(id: string): Promise<TaskRecord | undefined> {
    const row = await this.#db.read.selectFrom('tasks').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toRecord(row);
  }

  async list(): Promise<TaskRecord[]> {
    return (await this.#db.read.selectFrom('tasks').selectAll().orderBy('id').execute()).map(toRecord);
  }

  runs(id?: string): Promise<TaskRuns[]> {
    return readTaskRuns(this.#db.read, id);
  }

  async remove(id: string): Promise<boolean> {
    return this.#db.write(true, async (transaction) => {
      const active = await transaction
        .selectFrom('runs')
        .select('id')
        .where('task_id', '=', id)
        .where('state', 'not in', ENDED_STATES)
        .executeTakeFirst();
      if (active) return false;
      await transaction.deleteFrom('tasks').where('id', '=', id).execute();
      return true;
    });
  }

  async pause(id: string, isPaused: boolean, at: string): Promise<TaskRecord> {
    const row = await this.#db.write(true, (transaction) =>
      transaction
        .updateTable('tasks')
        .set({ is_paused: isPaused ? 1 : 0, fires_after: at, updated_at: at })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst(),
    );
    if (!row)
      throw new OptioError('not-found', `there is no task "${id}"`, { remedy: 'Look for it in the list of tasks.' });
    return toRecord(row);
  }

  skipped(fire: Fire): Promise<boolean> {
    return this.#db.write(true, (transaction) => dealWith(transaction, fire, 'last_skipped_at'));
  }

  async restarted(id: string, at: string): Promise<void> {
    await this.#db.write(true, (transaction) =>
      transaction.updateTable('tasks').set({ fires_after: at }).where('id', '=', id).execute(),
    );
  }
}

/** Notes that a time of a schedule is dealt with. False when it was already, or the task is paused or gone. */
export async function dealWith(
  transaction: Transaction<Schema>,
  { taskId, after, scheduledFor }: Fire,
  column: 'last_fired_at' | 'last_skipped_at',
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('tasks')
    .set({ fires_after: scheduledFor, [column]: scheduledFor })
    .where('id', '=', taskId)
    .where('fires_after', '=', after)
    .where('is_paused', '=', 0)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

function toRecord(row: Selectable<TaskTable>): TaskRecord {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    metadata: JSON.parse(row.metadata),
    definition: fromJson(row.definition),
    schedule: fromJson(row.schedule),
    isPaused: row.is_paused === 1,
    firesAfter: row.fires_after,
    lastFiredAt: row.last_fired_at,
    lastSkippedAt: row.last_skipped_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
