import { ROUTES } from '../contract/routes.ts';
import { filterToAddress, type RunFilter } from '../contract/run-query.ts';
import type { RunUpdate } from '../contract/run-update.ts';
import { toOutgoing } from './call.ts';
import type { Connection } from './connection.ts';
import { resume } from './resume.ts';
import { stoppable } from './stoppable.ts';

/** What changes in the list of runs. After each lost connection there is another snapshot, which takes the place of all before. */
export function watchRuns(
  connection: Connection,
  filter: RunFilter = {},
  { signal }: { readonly signal?: AbortSignal } = {},
): AsyncIterable<RunUpdate> {
  const generate = (left: AbortSignal) => {
    const patience = connection.patience({ signal: left });
    const ask = () => toOutgoing(ROUTES.watchRuns, { query: filterToAddress(filter) });
    return resume<RunUpdate>(connection, { ask, patience, left });
  };
  return stoppable(generate, signal);
}
