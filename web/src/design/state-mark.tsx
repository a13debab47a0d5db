import { type ShownState, STATE_WORDS } from './shown-state.ts';
import styles from './state-mark.module.css';

/** How a run stands: a dot for the eye, a word for everybody. */
export function StateMark({ state }: { readonly state: ShownState }) {
  return (
    <span className={styles.mark} data-state={state}>
      {STATE_WORDS[state]}
    </span>
  );
}
