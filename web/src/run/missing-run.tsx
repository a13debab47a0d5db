import { Link } from 'wouter';
import styles from '../frame/not-found.module.css';
import { useTitle } from '../frame/title.ts';

/** Where there is no run of this id. */
export function MissingRun({ runId }: { readonly runId: string }) {
  useTitle('Not found');
  return (
    <section className={styles.page}>
      <h1>There is no such run</h1>
      <p>
        <code>{runId}</code> was deleted, has expired, or has never been there.
      </p>
      <Link href="/">All runs</Link>
    </section>
  );
}
