import type { RunState } from '../../../src/contract/outcome.ts';
import styles from './state-mark.module.css';
import { STATE_WORDS } from './state-words.ts';

/** How a run stands: a dot for the eye, a word for everybody. */
export function StateMark({ state, isWaiting = false }: { readonly state: RunState; readonly isWaiting?: boolean }) {
  const shown = isWaiting ? 'waiting' : state;
  return (
    <span className={styles.mark} data-state={shown}>
      {isWaiting ? 'Waiting for you' : STATE_WORDS[state]}
    </span>
  );
}
