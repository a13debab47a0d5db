import type { OptioError } from '../../../src/errors.ts';
import styles from './problem-note.module.css';

/** What went wrong, and what to do about it. It is read out as soon as it is there. */
export function ProblemNote({ problem }: { readonly problem: OptioError | null }) {
  if (!problem) return null;
  return (
    <p className={styles.note} role="alert">
      <span>{problem.message}</span>
      {problem.remedy && <span className={styles.remedy}>{problem.remedy}</span>}
    </p>
  );
}
