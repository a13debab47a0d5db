import type { WatchOptions } from '../contract/api.ts';
import { ROUTES } from '../contract/routes.ts';
import { filterToAddress, type RunFilter } from '../contract/run-query.ts';
import type { RunUpdate } from '../contract/run-update.ts';
import { toOutgoing } from './call.ts';
import type { Connection } from './connection.ts';
import { resume } from './resume.ts';
import { stoppable } from './stoppable.ts';

/**
 * What changes in the list of runs, and what happens in the one that is followed. After each lost connection there is another
 * snapshot, which takes the place of all before; a journal goes on where it was.
 */
export function watchRuns(
  connection: Connection,
  filter: RunFilter = {},
  { signal, follow }: WatchOptions = {},
): AsyncIterable<RunUpdate> {
  const generate = async function* (left: AbortSignal) {
    const patience = connection.patience({ signal: left });
    let after = follow?.after ?? 0;
    const journal = () => (follow ? { run: follow.run, after } : {});
    const ask = () => toOutgoing(ROUTES.watchRuns, { query: { ...filterToAddress(filter), ...journal() } });
    for await (const update of resume<RunUpdate>(connection, { ask, patience, left })) {
      if (update.type !== 'events') {
        yield update;
        continue;
      }
      const events = update.events.filter(({ seq }) => seq > after); // others were told before the connection was lost
      after = events.at(-1)?.seq ?? after;
      if (events.length > 0) yield { ...update, events };
    }
  };
  return stoppable(generate, signal);
}
