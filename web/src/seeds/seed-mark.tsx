import { Time } from '../design/time.tsx';
import styles from './seed-mark.module.css';
import type { Standing } from './seed-words.ts';

/** How a seed stands: a dot for the eye, a word for everybody. */
export function SeedMark({ standing: { kind, word, until } }: { readonly standing: Standing }) {
  return (
    <span className={styles.mark} data-kind={kind}>
      {word}
      {until !== null && (
        <span>
          ; open again <Time at={until} />
        </span>
      )}
    </span>
  );
}
