import { LOOK_ONLY, useLooksOn } from '../design/looking-on.ts';
import { feed } from '../live/api.ts';
import type { FeedStatus } from '../live/feed.ts';
import { useStore } from '../live/store.ts';
import styles from './connection.module.css';

const WORDS: Readonly<Record<FeedStatus, string>> = {
  connecting: 'Connecting …',
  live: 'Connected',
  lost: 'The server does not answer. Trying again …',
  locked: 'Not logged in',
};

/** How things stand with the server: what one sees is of now only while it answers. */
export function Connection() {
  const status = useStore(feed.status);
  const problem = useStore(feed.problem);
  const looksOn = useLooksOn();
  const isViewer = status === 'live' && looksOn;
  return (
    <p className={styles.connection} role="status" data-status={status} title={isViewer ? LOOK_ONLY : problem?.remedy}>
      {status === 'lost' && problem ? `${problem.message}. Trying again …` : WORDS[status]}
      {isViewer && ', to look only'}
    </p>
  );
}
