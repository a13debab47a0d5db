import { Link } from 'wouter';
import { BusyButton } from '../design/busy-button.tsx';
import { Button } from '../design/button.tsx';
import { Command } from '../design/command.tsx';
import { LOOK_ONLY, useLooksOn } from '../design/looking-on.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import styles from './empty.module.css';

/** Between two words of the demo, in milliseconds: as fast as one reads. */
const DEMO_PACE_MS = 20;

/** What to do where nothing was done yet. */
export function NoRuns() {
  const looksOn = useLooksOn();
  const startDemo = () =>
    api.demo({ paceMs: DEMO_PACE_MS }).catch((thrown) => void toasts.failed('The demo could not be started', thrown));
  return (
    <section className={styles.empty}>
      <h2>Nothing runs yet</h2>
      <p>
        A run is Codex with something to do. It shows up here with what it does, what it waits for, and what came of it.
      </p>
      {looksOn ? (
        <p>{LOOK_ONLY}.</p>
      ) : (
        <div className={styles.ways}>
          <Link href="/new" className={styles.way}>
            <strong>Give Codex something to do</strong>
            <span>Say what, and where. It works in a sandbox, and asks before it leaves it.</span>
          </Link>
          <Link href="/tasks" className={styles.way}>
            <strong>Launch a task</strong>
            <span>What is to be done again and again is a task, by hand or by a schedule.</span>
          </Link>
        </div>
      )}
      <p>
        What was put out of sight is in the <Link href="/?archived=true">archive</Link>. From a terminal:{' '}
        <Command args='run "Explain this repository"' />
      </p>
      {!looksOn && (
        <div className={styles.demo}>
          <BusyButton busy="Starting …" onAct={startDemo}>
            Start a demo
          </BusyButton>
          <span>It needs no account: the model follows a script, all else is real.</span>
        </div>
      )}
    </section>
  );
}

export interface NoMatchProps {
  readonly onClear: () => void;
  /** Looks for the same in what was said; left out where nothing is looked for. */
  readonly onSearchSaid?: () => void;
}

/** What to do where no run is as the filter says. */
export function NoMatch({ onClear, onSearchSaid }: NoMatchProps) {
  return (
    <section className={styles.empty}>
      <h2>No run matches</h2>
      <p>There are runs, but none that is like this.</p>
      <div className={styles.acts}>
        {onSearchSaid && (
          <Button kind="main" onClick={onSearchSaid}>
            Search in what was said
          </Button>
        )}
        <Button onClick={onClear}>Clear the filters</Button>
      </div>
    </section>
  );
}

/** Where nothing was put out of sight. */
export function NoArchive({ onClear }: { readonly onClear: () => void }) {
  return (
    <section className={styles.empty}>
      <h2>The archive is empty</h2>
      <p>
        Runs that have ended can be put out of sight, with all that they have begun. Everything of them stays, and they
        can be brought back.
      </p>
      <Button onClick={onClear}>All runs</Button>
    </section>
  );
}
