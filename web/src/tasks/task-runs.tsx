import { useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../design/button.tsx';
import { Problem } from '../design/problem.tsx';
import { shownState } from '../design/shown-state.ts';
import { StateMark } from '../design/state-mark.tsx';
import { Time } from '../design/time.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api, feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import styles from './task-page.module.css';
import { useReloadByRuns } from './use-reload-by-runs.ts';

const STEP = 20;

/** The runs of a task, the newest first. */
export function TaskRuns({ taskId }: { readonly taskId: string }) {
  const [limit, setLimit] = useState(STEP);
  const page = useLoaded(`${taskId} ${limit}`, () => api.list({ taskId, limit }));
  useReloadByRuns(page.reload, taskId);
  const { runs: live } = useStore(feed.list);
  const runs = page.data?.runs ?? [];
  return (
    <section className={styles.section} aria-labelledby="runs">
      <h2 id="runs">Runs</h2>
      <Problem error={page.problem} />
      {page.data && runs.length === 0 && <p className={styles.quiet}>None yet.</p>}
      <ul className={styles.runs}>
        {runs.map((listed) => {
          const run = live.get(listed.id) ?? listed;
          return (
            <li key={run.id}>
              <Link href={`/runs/${run.id}`} className={styles.run}>
                <StateMark state={shownState(run)} />
                <span>{run.name}</span>
                <span className={styles.quiet}>{run.error?.message ?? run.digest.activity}</span>
                <span className={styles.quiet}>
                  {run.scheduledFor && 'by schedule, '}
                  <Time at={run.createdAt} />
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
      {page.data?.next && (
        <div>
          <Button onClick={() => setLimit(limit + STEP)} disabled={page.isLoading || limit + STEP > 500}>
            {page.isLoading ? 'Loading …' : 'Show more'}
          </Button>
        </div>
      )}
    </section>
  );
}
