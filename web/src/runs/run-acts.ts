import type { RunSummary } from '../../../src/contract/run-summary.ts';
import { counted } from '../design/figures.ts';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import { type Failure, onEach } from './acts.ts';
import { Deletions } from './deletions.ts';

type Runs = readonly Pick<RunSummary, 'id'>[];

const find = (id: string) => api.find(id);
const idsOf = (runs: Runs) => runs.map(({ id }) => id);

/** Runs that are to be deleted, while that can be undone. */
export const deletions = new Deletions({
  toasts,
  remove: (ids) => onEach(ids, find, (run) => run.remove()),
});

/** Tells runs to stop, and says how that went. */
export async function cancelRuns(runs: Runs): Promise<void> {
  const failures = await onEach(idsOf(runs), find, (run) => run.cancel());
  tell(runs.length - failures.length, 'told to stop', failures, 'could not be told to stop');
}

/** Launches runs once more, and says how that went. */
export async function retryRuns(runs: Runs): Promise<void> {
  const failures = await onEach(idsOf(runs), find, (run) => run.retry());
  tell(runs.length - failures.length, 'launched once more', failures, 'could not be launched once more');
}

function tell(done: number, success: string, failures: readonly Failure[], failure: string): void {
  if (done > 0) toasts.done(`${counted(done, 'run')} ${success}`);
  const [first] = failures;
  if (first) toasts.failed(`${counted(failures.length, 'run')} ${failure}`, first.error);
}
