import { ShieldOff } from 'lucide-react';
import type { RunState } from '../../../../src/contract/outcome.ts';
import type { RunSummary } from '../../../../src/contract/run-summary.ts';
import type { RunView } from '../../../../src/contract/view.ts';
import type { ShownState } from '../../design/shown-state.ts';
import { StateMark } from '../../design/state-mark.tsx';
import { RunActions } from './run-actions.tsx';
import { RunFacts } from './run-facts.tsx';
import styles from './run-header.module.css';
import { isFullAccess } from './sandbox-summary.ts';

export interface RunHeaderProps {
  readonly runId: string;
  readonly view: RunView;
  readonly state: RunState;
  /** Undefined until that is known. */
  readonly shown: ShownState | undefined;
  /** As the list of runs tells it; not there while that is on its way. */
  readonly summary: RunSummary | undefined;
}

/** Which run it is, how it stands, and what one can do with it. */
export function RunHeader({ runId, view, state, shown, summary }: RunHeaderProps) {
  const name = summary?.name ?? runId;
  return (
    <header className={styles.header}>
      <div className={styles.top}>
        <h1 className={styles.name} title={name}>
          {name}
        </h1>
        {shown && <StateMark state={shown} />}
        {summary?.archivedAt && <span className={styles.archived}>Archived</span>}
        {summary && <RunActions view={view} state={state} summary={summary} />}
      </div>
      <RunFacts runId={runId} view={view} summary={summary} />
      {view.session && isFullAccess(view.session.sandbox) && (
        <p className={styles.loud}>
          <ShieldOff size={16} aria-hidden />
          Full access: this run has no sandbox. Its commands may read, change and send whatever optio-codex itself can.
        </p>
      )}
      {view.pause && (
        <p className={styles.pause} role="status">
          Paused: {view.pause.message}
        </p>
      )}
      {summary?.problem && (
        <p className={styles.pause} role="status">
          It does not get on: {summary.problem}
        </p>
      )}
      {view.progress && <Progress progress={view.progress} />}
    </header>
  );
}

function Progress({ progress: { percent, message } }: { readonly progress: NonNullable<RunView['progress']> }) {
  return (
    <p className={styles.progress}>
      {percent !== null && <progress value={percent} max={100} aria-label="How far it says that it is" />}
      {[percent !== null && `${Math.round(percent)} %`, message].filter(Boolean).join(' · ')}
    </p>
  );
}
