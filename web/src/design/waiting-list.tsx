import { waiting } from '../live/api.ts';
import { useStore } from '../live/store.ts';
import { actsOf } from '../live/waiting.ts';
import { Button } from './button.tsx';
import styles from './toast-list.module.css';

/** What is not sent yet, since the server does not answer: it may be called off for as long as it is not. */
export function WaitingList() {
  return actsOf(useStore(waiting.calls)).map(({ label, callOff }) => (
    <li key={label} className={styles.toast}>
      <div className={styles.words}>
        <p>{label}: not sent yet</p>
        <p className={styles.detail}>The server does not answer. It is sent as soon as it does.</p>
      </div>
      <Button onClick={callOff}>Cancel</Button>
    </li>
  ));
}
