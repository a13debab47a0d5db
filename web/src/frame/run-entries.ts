import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { isArchivable, isArchived, isCancellable, isDeletable, isRetriable } from '../runs/acts.ts';
import { archiveRuns, deletions, unarchiveRuns } from '../runs/run-acts.ts';
import type { Entry } from './entries.ts';

export interface RunEntriesOptions {
  readonly navigate: (address: string) => void;
  /** Asks whether it is to be cancelled. */
  readonly onCancel: (run: RunSummary) => void;
}

/** What can be done with the run that is open. */
export function entriesOfRun(run: RunSummary, { navigate, onCancel }: RunEntriesOptions): Entry[] {
  const entry = (label: string, act: () => void): Entry => ({ id: `run: ${label}`, group: run.name, label, act });
  const told = (label: string, done: string, act: (handle: RunHandle) => Promise<unknown>) =>
    entry(label, () => void tell(run.id, label, done, act));
  const entries: Entry[] = [];
  if (run.state === 'running') {
    entries.push(told('Interrupt the turn', 'The turn was interrupted', (handle) => handle.interrupt()));
    entries.push(told('Pause the run', 'The run pauses', (handle) => handle.pause()));
    entries.push(told('Finish the run', 'The run was told that it is done', (handle) => handle.finish()));
  }
  if (run.state === 'paused') entries.push(told('Resume the run', 'The run goes on', (handle) => handle.resume()));
  if (isCancellable(run)) entries.push(entry('Cancel the run', () => onCancel(run)));
  if (isRetriable(run)) {
    const again = async (handle: RunHandle) => navigate(`/runs/${(await handle.retry()).id}`);
    entries.push(told('Run it again', 'It was launched once more', again));
    entries.push(entry('Run it again, changed', () => navigate(`/new?from=${run.id}`)));
  }
  if (isArchivable(run)) entries.push(entry('Archive the run', () => void archiveRuns([run])));
  if (isArchived(run)) entries.push(entry('Bring the run back from the archive', () => void unarchiveRuns([run])));
  if (isDeletable(run)) {
    entries.push(
      entry('Delete the run', () => {
        deletions.begin([run]);
        navigate('/');
      }),
    );
  }
  return entries;
}

async function tell(id: string, label: string, done: string, act: (run: RunHandle) => Promise<unknown>): Promise<void> {
  try {
    await act(await api.find(id));
    toasts.done(done);
  } catch (thrown) {
    toasts.failed(`“${label}” did not work`, thrown);
  }
}
