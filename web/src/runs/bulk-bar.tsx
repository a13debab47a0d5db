import { X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { BusyButton } from '../design/busy-button.tsx';
import { Button } from '../design/button.tsx';
import { counted, grouped } from '../design/figures.ts';
import { isArchivable, isArchived, isCancellable, isDeletable, isResumable, isRetriable } from './acts.ts';
import styles from './bulk-bar.module.css';
import { archiveRuns, deletions, resumeRuns, retryRuns, unarchiveRuns } from './run-acts.ts';

const AskFirst = lazy(() => import('../design/ask-first.tsx').then(({ AskFirst }) => ({ default: AskFirst })));
const CancelRuns = lazy(() => import('./cancel-runs.tsx').then(({ CancelRuns }) => ({ default: CancelRuns })));

export interface BulkBarProps {
  /** The runs that are chosen. */
  readonly runs: readonly RunSummary[];
  readonly onClear: () => void;
  /** Chooses those as well that match and are not here yet; left out when all are here. */
  readonly onSelectAll?: () => Promise<void>;
}

/** What can be done with all runs that are chosen; each button says with how many. */
export function BulkBar({ runs, onClear, onSelectAll }: BulkBarProps) {
  const [open, setOpen] = useState<'cancel' | 'retry' | null>(null);
  const cancellable = runs.filter(isCancellable);
  const resumable = runs.filter(isResumable);
  const retriable = runs.filter(isRetriable);
  const archivable = runs.filter(isArchivable);
  const archived = runs.filter(isArchived);
  const deletable = runs.filter(isDeletable);
  return (
    <section className={styles.bar} aria-label="Chosen runs">
      <div className={styles.chosen}>
        <output>{grouped(runs.length)} selected</output>
        <Button kind="quiet" isIcon aria-label="Select nothing" title="Select nothing (Escape)" onClick={onClear}>
          <X size={15} aria-hidden />
        </Button>
        {onSelectAll && (
          <BusyButton kind="quiet" busy="Looking further back …" onAct={onSelectAll}>
            Select all older ones too
          </BusyButton>
        )}
      </div>
      {cancellable.length > 0 && (
        <Button kind="danger" onClick={() => setOpen('cancel')}>
          Cancel {cancellable.length}
        </Button>
      )}
      {resumable.length > 0 && (
        <BusyButton busy="Resuming …" onAct={() => resumeRuns(resumable).then(onClear)}>
          Resume {resumable.length}
        </BusyButton>
      )}
      {retriable.length > 0 && <Button onClick={() => setOpen('retry')}>Run {retriable.length} again</Button>}
      {archivable.length > 0 && (
        <BusyButton busy="Archiving …" onAct={() => archiveRuns(archivable).then(onClear)}>
          Archive {archivable.length}
        </BusyButton>
      )}
      {archived.length > 0 && (
        <BusyButton busy="Bringing back …" onAct={() => unarchiveRuns(archived).then(onClear)}>
          Bring {archived.length} back
        </BusyButton>
      )}
      {deletable.length > 0 && (
        <Button
          kind="danger"
          onClick={() => {
            deletions.begin(deletable);
            onClear();
          }}
        >
          Delete {deletable.length}
        </Button>
      )}
      <Suspense>
        {open === 'cancel' && <CancelRuns runs={cancellable} onClose={() => setOpen(null)} />}
        {open === 'retry' && (
          <AskFirst
            title={`Run ${counted(retriable.length, 'run')} again?`}
            verb="Run again"
            verbWhile="Launching …"
            isHarmless
            act={() => retryRuns(retriable).then(onClear)}
            onClose={() => setOpen(null)}
          >
            Each is launched as a new run, of its task as it was, and uses tokens again.
          </AskFirst>
        )}
      </Suspense>
    </section>
  );
}
