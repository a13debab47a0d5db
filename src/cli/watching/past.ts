import type { RunEvent } from '../../contract/event.ts';
import type { RunView } from '../../contract/view.ts';

/** Whether what an event calls for was over before. */
export type Past = (event: RunEvent) => boolean;

/**
 * Tells of each event whether what it calls for was over when somebody began to watch, who saw the run as `view`: that is
 * shown, and nothing is done about it.
 */
export function pastOf(view: RunView): Past {
  const ownTurns = view.turnOrder.filter((id) => view.turns[id]?.threadId === null);
  const isUnderWay = view.state === 'starting' || view.state === 'running';
  return (event) => {
    if (event.seq > view.seq) return false;
    if (event.type === 'request.opened') return view.requests[event.request.id]?.state !== 'open';
    // Nothing has gone on after it.
    if (event.type === 'turn.ended') return !isUnderWay || ownTurns.at(-1) !== event.turnId;
    return true;
  };
}
