import { X } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { BusyButton } from '../design/busy-button.tsx';
import { Button } from '../design/button.tsx';
import { isCancellable, isDeletable, isRetriable } from './acts.ts';
import styles from './bulk-bar.module.css';
import { deletions, retryRuns } from './run-acts.ts';

const CancelRuns = lazy(() => import('./cancel-runs.tsx').then(({ CancelRuns }) => ({ default: CancelRuns })));

export interface BulkBarProps {
  /** The runs that are chosen. */
  readonly runs: readonly RunSummary[];
  readonly onClear: () => void;
}

/** What can be done with all runs that are chosen; each button says with how many. */
export function BulkBar({ runs, onClear }: BulkBarProps) {
  const [isCancelling, setCancelling] = useState(false);
  const cancellable = runs.filter(isCancellable);
  const retriable = runs.filter(isRetriable);
  const deletable = runs.filter(isDeletable);
  return (
    <section className={styles.bar} aria-label="Chosen runs">
      <div className={styles.chosen}>
        <output>{runs.length} selected</output>
        <Button kind="quiet" isIcon aria-label="Select nothing" title="Select nothing (Escape)" onClick={onClear}>
          <X size={15} aria-hidden />
        </Button>
      </div>
      {cancellable.length > 0 && (
        <Button kind="danger" onClick={() => setCancelling(true)}>
          Cancel {cancellable.length}
        </Button>
      )}
      {retriable.length > 0 && (
        <BusyButton busy="Launching …" onAct={() => retryRuns(retriable).then(onClear)}>
          Run {retriable.length} again
        </BusyButton>
      )}
      {deletable.length > 0 && (
        <Button
          kind="danger"
          onClick={() => {
            deletions.begin(deletable.map(({ id }) => id));
            onClear();
          }}
        >
          Delete {deletable.length}
        </Button>
      )}
      <Suspense>{isCancelling && <CancelRuns runs={cancellable} onClose={() => setCancelling(false)} />}</Suspense>
    </section>
  );
}
