import styles from './problem.module.css';

export interface ProblemProps {
  /** Null while nothing is wrong. */
  readonly error: { readonly message: string; readonly remedy?: string | null | undefined } | null;
  /** What did not work: `Not sent`. */
  readonly title?: string;
}

/** What went wrong, and what one can do about it. It is read out when it appears. */
export function Problem({ error, title }: ProblemProps) {
  if (!error) return null;
  return (
    <div className={styles.problem} role="alert">
      <p>
        {title && <strong>{title}: </strong>}
        {error.message}
      </p>
      {error.remedy && <p className={styles.remedy}>{error.remedy}</p>}
    </div>
  );
}
