import { Button } from '../design/button.tsx';
import { Problem } from '../design/problem.tsx';
import styles from './foot.module.css';
import type { OlderParts } from './use-older-runs.ts';

export interface FootProps {
  readonly older: OlderParts;
  /** Looks in what was said for what is looked for in names; left out where nothing is. */
  readonly onSearchSaid?: () => void;
}

/** What comes after the last run of the list: the way to those that ended before it begins. */
export function Foot({ older: { hasMore, isLoading, problem, more }, onSearchSaid }: FootProps) {
  const hasOlder = hasMore || problem !== null;
  if (!hasOlder && !onSearchSaid) return null;
  return (
    <div className={styles.foot}>
      {problem && <Problem error={problem} title="Older runs did not come" />}
      {hasOlder && (
        <Button onClick={more} disabled={isLoading}>
          {isLoading ? 'Looking further back …' : problem ? 'Try again' : 'Show older runs'}
        </Button>
      )}
      {onSearchSaid && <Button onClick={onSearchSaid}>Search in what was said</Button>}
      {hasOlder && onSearchSaid && <p>Of older runs, only names and ids are searched.</p>}
    </div>
  );
}
