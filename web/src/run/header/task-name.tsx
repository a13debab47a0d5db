import { Link } from 'wouter';

/** What a run is called whose task was defined for it alone, and is kept nowhere else. */
const FOR_ONE_RUN = 'run';

/** Whether a run belongs to a task that is kept. */
export function hasTask(taskId: string): boolean {
  return taskId !== FOR_ONE_RUN;
}

/** The task of a run, and the way to it. */
export function TaskName({ taskId }: { readonly taskId: string }) {
  if (!hasTask(taskId)) return <span title="It was launched without a task that is kept">no task of its own</span>;
  return (
    <Link href={`/tasks/${encodeURIComponent(taskId)}`} title="Its task">
      {taskId}
    </Link>
  );
}
