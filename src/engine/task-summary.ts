import type { ScheduleStatus } from '../contract/schedule.ts';
import type { TaskDetails, TaskSummary } from '../contract/task-definition.ts';
import { OptioError } from '../errors.ts';
import type { TaskRecord, TaskRuns, Tasks } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { shownDefinition } from './shown-definition.ts';

/** What there is to say of a task besides what is written down of it. */
interface Standing {
  readonly problem: string | null;
  readonly schedule: ScheduleStatus | undefined;
  readonly runs: TaskRuns | undefined;
}

type Source = Pick<Engine, 'tasks'>;

/** The tasks that are defined, by their ids. */
export async function summarizeTasks(store: Pick<Tasks, 'list' | 'runs'>, engine: Source): Promise<TaskSummary[]> {
  const schedules = new Map((await engine.tasks.schedules()).map((status) => [status.taskId, status]));
  const [records, runs] = await Promise.all([store.list(), store.runs()]);
  const runsOf = new Map(runs.map((of) => [of.taskId, of]));
  return records.map((record) =>
    summarize(record, {
      problem: engine.tasks.problemOf(record.id),
      schedule: schedules.get(record.id),
      runs: runsOf.get(record.id),
    }),
  );
}

/** One of them, with what makes it. Throws `not-found`. */
export async function describeTask(
  store: Pick<Tasks, 'find' | 'runs'>,
  engine: Source,
  taskId: string,
): Promise<TaskDetails> {
  const schedules = await engine.tasks.schedules();
  const [record, [runs]] = await Promise.all([store.find(taskId), store.runs(taskId)]);
  if (!record)
    throw new OptioError('not-found', `there is no task "${taskId}"`, { remedy: 'Look for it in the list of tasks.' });
  const schedule = schedules.find((status) => status.taskId === taskId);
  const summary = summarize(record, { problem: engine.tasks.problemOf(taskId), schedule, runs });
  return { ...summary, definition: shownDefinition(record.definition) };
}

function summarize(record: TaskRecord, { problem, schedule, runs }: Standing): TaskSummary {
  const { id, name, description, metadata, isPaused, createdAt, updatedAt } = record;
  return {
    id,
    name,
    description,
    metadata,
    isPaused,
    problem,
    schedule: schedule ?? null,
    activeRuns: runs?.active ?? 0,
    lastRun: runs?.last ?? null,
    createdAt,
    updatedAt,
  };
}
