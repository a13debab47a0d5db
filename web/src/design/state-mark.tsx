import type { RunState } from '../../../src/contract/outcome.ts';
import styles from './state-mark.module.css';

/** The states in words. */
export const STATE_WORDS: Readonly<Record<RunState, string>> = {
  scheduled: 'Scheduled',
  starting: 'Starting',
  running: 'Running',
  paused: 'Paused',
  cancelling: 'Stopping',
  done: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

/** How a run stands: a dot for the eye, a word for everybody. */
export function StateMark({ state, isWaiting = false }: { readonly state: RunState; readonly isWaiting?: boolean }) {
  const shown = isWaiting ? 'waiting' : state;
  return (
    <span className={styles.mark} data-state={shown}>
      {isWaiting ? 'Waiting for you' : STATE_WORDS[state]}
    </span>
  );
}
