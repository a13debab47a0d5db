import { Menu } from '@base-ui/react/menu';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { isArchivable, isArchived, isCancellable, isDeletable, isResumable, isRetriable } from './acts.ts';
import styles from './row-menu.module.css';
import { RowMenuButton } from './row-menu-button.tsx';
import { archiveRuns, deletions, resumeRuns, retryRuns, unarchiveRuns } from './run-acts.ts';

const CancelRuns = lazy(() => import('./cancel-runs.tsx').then(({ CancelRuns }) => ({ default: CancelRuns })));

/** The whole of it, opened: see `RowMenu`. */
export function OpenRowMenu({ run, onFocus }: { readonly run: RunSummary; readonly onFocus: () => void }) {
  const [, navigate] = useLocation();
  const [isCancelling, setCancelling] = useState(false);
  const { id, name, parentId } = run;
  return (
    <>
      <Menu.Root defaultOpen modal={false}>
        <Menu.Trigger render={<RowMenuButton name={name} onFocus={onFocus} />} />
        <Menu.Portal>
          <Menu.Positioner align="end" sideOffset={4} className={styles.positioner}>
            <Menu.Popup className={styles.popup}>
              <Item label="Open" onClick={() => navigate(`/runs/${id}`)} />
              {parentId !== null && (
                <Item label="Open what has begun it" onClick={() => navigate(`/runs/${parentId}`)} />
              )}
              {isResumable(run) && <Item label="Resume" onClick={() => void resumeRuns([run])} />}
              {isRetriable(run) && <Item label="Run it again" onClick={() => void retryRuns([run])} />}
              {isRetriable(run) && (
                <Item label="Run it again, changed" onClick={() => navigate(`/new?from=${encodeURIComponent(id)}`)} />
              )}
              {isArchivable(run) && <Item label="Archive" onClick={() => void archiveRuns([run])} />}
              {isArchived(run) && (
                <Item label="Bring back from the archive" onClick={() => void unarchiveRuns([run])} />
              )}
              {isCancellable(run) && <Item isGrave label="Cancel …" onClick={() => setCancelling(true)} />}
              {isDeletable(run) && <Item isGrave label="Delete" onClick={() => deletions.begin([run])} />}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Suspense>{isCancelling && <CancelRuns runs={[run]} onClose={() => setCancelling(false)} />}</Suspense>
    </>
  );
}

interface ItemProps {
  readonly label: string;
  readonly isGrave?: boolean;
  readonly onClick: () => void;
}

function Item({ label, isGrave, onClick }: ItemProps) {
  return (
    <Menu.Item className={styles.item} data-grave={isGrave || undefined} onClick={onClick}>
      {label}
    </Menu.Item>
  );
}
