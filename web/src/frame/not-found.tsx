import { Link } from 'wouter';
import styles from './not-found.module.css';
import { useTitle } from './title.ts';

/** Where an address leads nowhere. */
export function NotFound() {
  useTitle('Not found');
  return (
    <section className={styles.page}>
      <h1>There is nothing here</h1>
      <p>No screen has this address.</p>
      <Link href="/">All runs</Link>
    </section>
  );
}
