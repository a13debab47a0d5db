import { Fragment } from 'react';
import { Link, useLocation } from 'wouter';
import type { TaskSummary } from '../../../src/contract/task-definition.ts';
import { Button } from '../design/button.tsx';
import { Command } from '../design/command.tsx';
import { useLooksOn } from '../design/looking-on.ts';
import { Problem } from '../design/problem.tsx';
import { StateMark } from '../design/state-mark.tsx';
import { Time } from '../design/time.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { useTitle } from '../frame/title.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { RecentRuns } from './recent-runs.tsx';
import { scheduleInWords } from './schedule-words.ts';
import { stateOf } from './task-state.ts';
import styles from './tasks-page.module.css';
import { useReloadByRuns } from './use-reload-by-runs.ts';

/** What there is to launch, and when it is launched by itself. */
export function TasksPage() {
  useTitle('Tasks');
  const tasks = useLoaded('tasks', () => api.tasks());
  useReloadByRuns(tasks.reload);
  const [, navigate] = useLocation();
  const looksOn = useLooksOn();
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>Tasks</h1>
        <Button kind="quiet" onClick={tasks.reload} disabled={tasks.isLoading}>
          {tasks.isLoading ? 'Loading …' : 'Reload'}
        </Button>
        {!looksOn && (
          <Button kind="main" onClick={() => navigate('/new?begin=repeatedly')}>
            New task
          </Button>
        )}
      </header>
      <Problem error={tasks.problem} />
      {tasks.data?.length === 0 && <NoTasks />}
      <ul className={styles.list}>
        {tasks.data?.map((task) => (
          <li key={task.id}>
            <TaskRow task={task} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function TaskRow({ task }: { readonly task: TaskSummary }) {
  const { id, name, schedule, isPaused, problem, activeRuns, lastRun } = task;
  const { runs } = useStore(feed.list);
  return (
    <div className={styles.row}>
      <div className={styles.what}>
        <Link href={`/tasks/${encodeURIComponent(id)}`} className={styles.name}>
          {name}
        </Link>
        {name !== id && <span className={styles.quiet}>{id}</span>}
        {isPaused && <span className={styles.paused}>Paused</span>}
        {task.description && <p className={styles.quiet}>{task.description}</p>}
        {problem && <p className={styles.problem}>{problem}</p>}
      </div>
      <div className={styles.when}>
        <span>{schedule ? scheduleInWords(schedule.schedule) : 'By hand'}</span>
        {schedule && schedule.next.length > 0 && (
          <span className={styles.quiet}>
            next{' '}
            {schedule.next.slice(0, 2).map((at, index) => (
              <Fragment key={at}>
                {index > 0 && ', '}
                <Time at={at} />
              </Fragment>
            ))}
          </span>
        )}
      </div>
      <div className={styles.last}>
        {lastRun ? (
          <Link href={`/runs/${lastRun.id}`}>
            <StateMark state={stateOf(lastRun, runs.get(lastRun.id))} />
            <span className={styles.quiet}>
              <Time at={lastRun.createdAt} />
            </span>
          </Link>
        ) : (
          <span className={styles.quiet}>Never launched</span>
        )}
        <RecentRuns runs={runs} taskId={id} besides={lastRun?.id} />
        {activeRuns > 0 && <span className={styles.quiet}>{activeRuns} under way</span>}
      </div>
    </div>
  );
}

function NoTasks() {
  return (
    <div className={styles.empty}>
      <p>
        No tasks yet. A task is something for Codex to do that has a name: you launch it again and again, by hand, from
        a program, or by a schedule.
      </p>
      <p>
        Or write one down, in <code>nightly.json</code>:
      </p>
      <pre>{EXAMPLE}</pre>
      <p>and hand it over on the machine of the server:</p>
      <pre>
        <Command args="task add nightly.json" />
      </pre>
    </div>
  );
}

const EXAMPLE = JSON.stringify(
  {
    id: 'nightly',
    name: 'Nightly tests',
    config: {
      instructions: 'Run the tests in {{folder}} and mend what fails.',
      autoStart: true,
      endRule: 'firstTurn',
      workspace: { worktree: '/home/me/project' },
    },
    params: { folder: 'src' },
    schedule: '0 6 * * 1-5',
  },
  null,
  2,
);
