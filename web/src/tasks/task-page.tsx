import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import type { TaskDetails } from '../../../src/contract/task-definition.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { Button } from '../design/button.tsx';
import { useCaller } from '../design/caller.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { LOOK_ONLY } from '../design/looking-on.ts';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { useLoaded } from '../design/use-loaded.ts';
import { useTitle } from '../frame/title.ts';
import { api } from '../live/api.ts';
import { LaunchTask } from './launch-task.tsx';
import { ScheduleView } from './schedule-view.tsx';
import styles from './task-page.module.css';
import { TaskRuns } from './task-runs.tsx';
import { useReloadByRuns } from './use-reload-by-runs.ts';

/** A task: launching it, when that happens by itself, and what came of it. */
export function TaskPage({ taskId }: { readonly taskId: string }) {
  const task = useLoaded(taskId, () => api.task(taskId));
  useTitle(task.data?.name ?? taskId);
  useReloadByRuns(task.reload, taskId);
  return (
    <div className={styles.page}>
      <p className={styles.back}>
        <Link href="/tasks">Tasks</Link>
      </p>
      {task.data === undefined && <h1>{taskId}</h1>}
      <Problem error={task.problem} />
      {task.data === undefined && task.isLoading && <p className={styles.quiet}>Loading …</p>}
      {task.data && <OpenTask task={task.data} onChange={task.reload} />}
    </div>
  );
}

function OpenTask({ task, onChange }: { readonly task: TaskDetails; readonly onChange: () => void }) {
  const { id, name, description, isPaused, problem, schedule, definition, metadata, activeRuns } = task;
  const { mayAct } = useCaller();
  const [, goTo] = useLocation();
  const [isAsked, setAsked] = useState(false);
  const turn = useAction(async () => {
    await (isPaused ? api.resumeTask(id) : api.pauseTask(id));
    onChange();
  });
  const tags = Object.entries(metadata);
  return (
    <>
      <header className={styles.header}>
        <div>
          <h1>{name}</h1>
          <p className={styles.quiet}>
            {[name !== id && id, ...tags.map(([tag, value]) => `${tag}: ${value}`)].filter(Boolean).join(' · ')}
          </p>
        </div>
        {mayAct && (
          <div className={styles.actions}>
            <Button onClick={() => void turn.begin()} disabled={turn.isBusy}>
              {turn.isBusy ? (isPaused ? 'Resuming …' : 'Pausing …') : isPaused ? 'Resume' : 'Pause'}
            </Button>
            <Button kind="danger" onClick={() => setAsked(true)}>
              Remove
            </Button>
          </div>
        )}
      </header>
      {description && <p>{description}</p>}
      <Problem error={turn.problem} />
      {problem && <p className={styles.problem}>{problem}</p>}
      {isPaused && (
        <p className={styles.paused} role="status">
          Paused: nothing of it is launched, neither by hand nor by its schedule. Its runs go on.
        </p>
      )}
      {mayAct === false ? (
        <p className={styles.quiet}>{LOOK_ONLY}.</p>
      ) : (
        <LaunchTask key={task.updatedAt} task={task} />
      )}
      <section className={styles.section} aria-labelledby="schedule">
        <h2 id="schedule">Schedule</h2>
        {schedule ? (
          <ScheduleView status={schedule} />
        ) : (
          <p className={styles.quiet}>None: it is launched by hand, or by a program.</p>
        )}
      </section>
      <TaskRuns taskId={id} />
      <section className={styles.section} aria-labelledby="definition">
        <h2 id="definition">Definition</h2>
        {definition === null || definition === undefined ? (
          <p className={styles.quiet}>A function of a program, which has to define it in each process.</p>
        ) : (
          <details className={styles.definition}>
            <summary>As JSON</summary>
            <CopyButton text={JSON.stringify(definition, null, 2)} />
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: one scrolls in it by keyboard */}
            <pre tabIndex={0}>{JSON.stringify(definition, null, 2)}</pre>
          </details>
        )}
      </section>
      <AskFirst
        isOpen={isAsked}
        onClose={() => setAsked(false)}
        title={`Remove “${name}”?`}
        verb="Remove"
        verbWhile="Removing …"
        act={async () => {
          await api.removeTask(id);
          goTo('/tasks');
        }}
      >
        <p>The task and its schedule are forgotten. Its runs, and what they have done, stay.</p>
        {activeRuns > 0 && <p>Runs of it are under way: it can be removed once they have ended.</p>}
      </AskFirst>
    </>
  );
}
