import { memo } from 'react';
import { Link } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { StateMark } from '../design/state-mark.tsx';
import styles from './run-row.module.css';

/** One run, in a line or two. */
export const RunRow = memo(function RunRow({ run }: { readonly run: RunSummary }) {
  const { id, name, state, openRequests, digest } = run;
  return (
    <Link href={`/runs/${id}`} className={styles.row}>
      <StateMark state={state} isWaiting={openRequests > 0} />
      <span className={styles.name}>{name}</span>
      <span className={styles.activity}>{digest.activity ?? run.error?.message ?? ''}</span>
    </Link>
  );
});
