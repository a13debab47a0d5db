import { useEffect, useState } from 'react';
import { StateMark } from '../design/state-mark.tsx';
import { feed } from '../live/api.ts';
import type { Journal } from '../live/journal.ts';
import { useStore } from '../live/store.ts';
import { Composer } from './composer/composer.tsx';
import styles from './run-page.module.css';
import { Transcript } from './transcript/transcript.tsx';

/** A run: what happened in it, from its first event on, and what one can do. */
export function RunPage({ runId }: { readonly runId: string }) {
  const [journal, setJournal] = useState<Journal>();
  useEffect(() => setJournal(feed.open(runId)), [runId]);
  return journal ? <OpenRun journal={journal} /> : null;
}

function OpenRun({ journal }: { readonly journal: Journal }) {
  useStore(journal.shown);
  const { runs } = useStore(feed.list);
  const summary = runs.get(journal.runId);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{summary?.name ?? journal.runId}</h1>
        <StateMark state={journal.view.state} isWaiting={(summary?.openRequests ?? 0) > 0} />
      </header>
      <Transcript journal={journal} />
      <Composer journal={journal} />
    </div>
  );
}
