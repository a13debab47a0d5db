import type { RunHandle } from '../../../src/contract/run-handle.ts';
import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { counted } from '../design/figures.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { Store } from '../live/store.ts';
import { type Failure, onEach } from './acts.ts';
import { Deletions } from './deletions.ts';

type Runs = readonly Pick<RunSummary, 'id' | 'name'>[];

/** Grows with whatever is done here: of runs that are not in the live list nobody else tells what has become of them. */
export const touched = new Store(0);

/** Runs that are to be deleted, while that can be undone. */
export const deletions = new Deletions({
  toasts,
  remove: (runs) => each(runs, 'Deleting', (run) => run.remove()),
});

/** Tells runs to stop, and says how that went. */
export async function cancelRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Cancelling', (run) => run.cancel());
  tell(runs, 'told to stop', failures, 'could not be told to stop');
}

/** Tells runs to pause, and says how that went. */
export async function pauseRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Pausing', (run) => run.pause());
  tell(runs, 'told to pause', failures, 'could not be paused');
}

/** Says that a run is over, and done. Throws what the server says. */
export async function finishRun(id: string): Promise<void> {
  await api.runOf(id).finish();
}

/** Lets runs go on that are paused, and says how that went. */
export async function resumeRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Resuming', (run) => run.resume());
  tell(runs, 'resumed', failures, 'could not be resumed');
}

/** Launches runs once more, and says how that went. */
export async function retryRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Launching', (run) => run.retry());
  tell(runs, 'launched once more', failures, 'could not be launched once more');
}

/** Puts runs out of sight, says how that went, and offers to take it back. */
export async function archiveRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Archiving', (run) => run.archive());
  tell(runs, 'archived', failures, 'could not be archived', unarchiveRuns);
}

/** Brings runs back, says how that went, and offers to take it back. */
export async function unarchiveRuns(runs: Runs): Promise<void> {
  const failures = await each(runs, 'Bringing back', (run) => run.unarchive());
  tell(runs, 'brought back from the archive', failures, 'could not be brought back', archiveRuns);
}

/** How many it has to be until one is told how far it is: fewer are done before one has read that. */
const MANY = 8;

/** `doing`: what goes on meanwhile, in words. */
async function each(runs: Runs, doing: string, act: (run: RunHandle) => Promise<unknown>): Promise<Failure[]> {
  const ids = runs.map(({ id }) => id);
  const toast = ids.length < MANY ? undefined : toasts.doing(`${doing} ${counted(ids.length, 'run')}`, ids.length);
  const onDone = () => {
    if (toast !== undefined) toasts.advance(toast);
  };
  const failures = await onEach(ids, (id) => act(api.runOf(id)), onDone);
  if (toast !== undefined) toasts.close(toast);
  touched.set(touched.value + 1);
  return failures;
}

/** `undo`: what takes it back, for those with which it went well. */
function tell(
  runs: Runs,
  success: string,
  failures: readonly Failure[],
  failure: string,
  undo?: (runs: Runs) => Promise<void>,
): void {
  const failed = new Set(failures.map(({ id }) => id));
  const done = runs.filter(({ id }) => !failed.has(id));
  const action = undo && { action: { label: 'Undo', act: () => void undo(done) } };
  if (done.length > 0) toasts.done(`${counted(done.length, 'run')} ${success}`, action);
  toasts.failedEach(failure, runs, failures);
}
