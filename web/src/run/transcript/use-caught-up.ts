import { useEffect, useState } from 'react';
import { api } from '../../live/api.ts';
import type { Journal } from '../../live/journal.ts';

/**
 * Whether all is there that had happened by the time at which the run was opened: what comes before that is not worth drawing
 * piece by piece.
 */
export function useCaughtUp(journal: Journal): boolean {
  const [isThere, setThere] = useState(journal.view.outcome !== null);
  useEffect(() => {
    if (isThere) return;
    let newest = Number.POSITIVE_INFINITY;
    const look = () => {
      if (journal.view.seq >= newest || journal.view.outcome !== null) setThere(true);
    };
    const leave = journal.shown.subscribe(look);
    const ask = async () => (await (await api.find(journal.runId)).details()).lastSeq;
    ask()
      .catch(() => 0) // then it is shown as it comes
      .then((seq) => {
        newest = seq;
        look();
      })
      .catch(() => {});
    return leave;
  }, [journal, isThere]);
  return isThere;
}
