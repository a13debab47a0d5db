import type { OptioError } from '../../../src/errors.ts';
import styles from './problem.module.css';

/** What went wrong, and what one can do about it. It is read out when it appears. */
export function Problem({ error, title }: { readonly error: OptioError; readonly title?: string }) {
  return (
    <div className={styles.problem} role="alert">
      <p>
        {title && <strong>{title}: </strong>}
        {error.message}
      </p>
      {error.remedy && <p>{error.remedy}</p>}
    </div>
  );
}
