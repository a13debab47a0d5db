import { useMemo, useRef } from 'react';
import { Virtualizer } from 'virtua';
import { feed } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { inOrder } from './order.ts';
import { RunRow } from './run-row.tsx';
import styles from './runs-page.module.css';

/** All runs, those that wait for somebody first. */
export function RunsPage() {
  const list = useStore(feed.list);
  const runs = useMemo(() => inOrder([...list.runs.values()]), [list.runs]);
  const scroller = useRef<HTMLDivElement>(null);
  return (
    <div className={styles.page} ref={scroller}>
      <header className={styles.header}>
        <h1>Runs</h1>
      </header>
      {runs.length === 0 && <p className={styles.empty}>No runs yet. Give Codex something to do with “New run”.</p>}
      <Virtualizer scrollRef={scroller}>
        {runs.map((run) => (
          <RunRow key={run.id} run={run} />
        ))}
      </Virtualizer>
    </div>
  );
}
