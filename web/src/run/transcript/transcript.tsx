import { useRef } from 'react';
import { Virtualizer } from 'virtua';
import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import { RowView } from './row-view.tsx';
import { rowsOf } from './rows.ts';
import styles from './transcript.module.css';

/** Everything that happened in a run. */
export function Transcript({ journal }: { readonly journal: Journal }) {
  useStore(journal.shown);
  const scroller = useRef<HTMLDivElement>(null);
  const rows = rowsOf(journal);
  return (
    <div className={styles.scroller} ref={scroller}>
      <div className={styles.column}>
        <Virtualizer scrollRef={scroller}>
          {rows.map((row) => (
            <RowView key={row.key} row={row} />
          ))}
        </Virtualizer>
      </div>
    </div>
  );
}
