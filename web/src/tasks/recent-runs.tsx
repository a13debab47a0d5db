import { Link } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { local } from '../design/moment.ts';
import { STATE_WORDS, shownState } from '../design/shown-state.ts';
import { newestOf } from './newest-of.ts';
import styles from './recent-runs.module.css';

export interface RecentRunsProps {
  readonly runs: ReadonlyMap<string, RunSummary>;
  readonly taskId: string;
  /** One that is told of already. */
  readonly besides: string | undefined;
}

/** How the runs of a task before the last one went: a dot for each, the newest first. */
export function RecentRuns({ runs, taskId, besides }: RecentRunsProps) {
  const earlier = newestOf(runs.values(), taskId, besides);
  if (earlier.length === 0) return null;
  return (
    <ul className={styles.runs} aria-label="Before that">
      {earlier.map((run) => {
        const { id, state, createdAt } = run;
        const words = `${STATE_WORDS[shownState(run)]}, ${local(new Date(createdAt), new Date())}`;
        return (
          <li key={id}>
            <Link href={`/runs/${id}`} aria-label={words} title={words} data-state={state} />
          </li>
        );
      })}
    </ul>
  );
}
