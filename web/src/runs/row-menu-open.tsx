import { Menu } from '@base-ui/react/menu';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { type Act, ActMenu } from '../design/act-menu.tsx';
import { isArchivable, isArchived, isCancellable, isDeletable, isResumable, isRetriable } from './acts.ts';
import { RowMenuButton } from './row-menu-button.tsx';
import { archiveRuns, deletions, resumeRuns, retryRuns, unarchiveRuns } from './run-acts.ts';

const CancelRuns = lazy(() => import('./cancel-runs.tsx').then(({ CancelRuns }) => ({ default: CancelRuns })));

/** The whole of it, opened: see `RowMenu`. */
export function OpenRowMenu({ run, onFocus }: { readonly run: RunSummary; readonly onFocus: () => void }) {
  const [, navigate] = useLocation();
  const [isCancelling, setCancelling] = useState(false);
  const { id, name, parentId } = run;
  const acts: Act[] = [{ label: 'Open', act: () => navigate(`/runs/${id}`) }];
  if (parentId !== null) acts.push({ label: 'Open what has begun it', act: () => navigate(`/runs/${parentId}`) });
  if (isResumable(run)) acts.push({ label: 'Resume', act: () => void resumeRuns([run]) });
  if (isRetriable(run)) {
    acts.push({ label: 'Run it again', act: () => void retryRuns([run]) });
    acts.push({ label: 'Run it again, changed', act: () => navigate(`/new?from=${encodeURIComponent(id)}`) });
  }
  if (isArchivable(run)) acts.push({ label: 'Archive', act: () => void archiveRuns([run]) });
  if (isArchived(run)) acts.push({ label: 'Bring back from the archive', act: () => void unarchiveRuns([run]) });
  if (isCancellable(run)) acts.push({ label: 'Cancel …', isGrave: true, act: () => setCancelling(true) });
  if (isDeletable(run)) acts.push({ label: 'Delete', isGrave: true, act: () => deletions.begin([run]) });
  return (
    <>
      <Menu.Root defaultOpen modal={false}>
        <Menu.Trigger render={<RowMenuButton name={name} onFocus={onFocus} />} />
        <ActMenu acts={acts} />
      </Menu.Root>
      <Suspense>{isCancelling && <CancelRuns runs={[run]} onClose={() => setCancelling(false)} />}</Suspense>
    </>
  );
}
