import { Button } from '../design/button.tsx';
import { Problem } from '../design/problem.tsx';
import styles from './foot.module.css';
import type { OlderParts } from './use-older-runs.ts';

export interface FootProps {
  readonly older: OlderParts;
  readonly isSearching: boolean;
}

/** What comes after the last run of the list: the way to those that ended before it begins. */
export function Foot({ older: { hasMore, isLoading, problem, more }, isSearching }: FootProps) {
  if (!hasMore && problem === null) return null;
  return (
    <div className={styles.foot}>
      {problem && <Problem error={problem} title="Older runs did not come" />}
      <Button onClick={more} disabled={isLoading}>
        {isLoading ? 'Looking further back …' : problem ? 'Try again' : 'Show older runs'}
      </Button>
      {isSearching && <p>Of older runs, only names and ids are searched.</p>}
    </div>
  );
}
