import type { SeedSummary } from '../../../src/contract/seed.ts';
import { plural } from '../design/in-words.ts';
import type { Pool } from './pools.ts';
import type { SeedAct } from './seed-acts.ts';
import { SeedRow } from './seed-row.tsx';
import styles from './seeds-page.module.css';

export interface PoolViewProps {
  readonly pool: Pool;
  /** There are no pools. */
  readonly isOnly: boolean;
  readonly actsOf: (seed: SeedSummary) => readonly SeedAct[];
}

/** The logins that stand for each other. */
export function PoolView({ pool: { name, seeds }, isOnly, actsOf }: PoolViewProps) {
  return (
    <section className={styles.pool} aria-label={name === null ? 'In no pool' : `Pool ${name}`}>
      <header className={styles.poolHeader}>
        <h2>{name === null ? (isOnly ? 'Logins' : 'In no pool') : name}</h2>
        <span className={styles.quiet}>
          {name === null ? plural(seeds.length, 'login') : `a pool of ${plural(seeds.length, 'login')}`}
        </span>
      </header>
      <ul className={styles.list}>
        {seeds.map((seed) => (
          <li key={seed.id}>
            <SeedRow seed={seed} acts={actsOf(seed)} />
          </li>
        ))}
      </ul>
    </section>
  );
}
