import type { RunEvent } from '../contract/event.ts';
import { ROUTES } from '../contract/routes.ts';
import type { ReadOptions } from '../contract/run-handle.ts';
import { OptioError } from '../errors.ts';
import { toOutgoing } from './call.ts';
import type { Connection } from './connection.ts';
import { resume } from './resume.ts';
import { stoppable } from './stoppable.ts';

/**
 * The journal of a run after this number, until the run has ended: each event once, in order, whatever becomes of the
 * connection meanwhile. It is read as fast as it is taken, and no longer than until its reader leaves.
 */
export function readEvents(
  connection: Connection,
  runId: string,
  { after = 0, signal }: ReadOptions = {},
): AsyncIterable<RunEvent> {
  return stoppable((left) => follow(connection, runId, after, left), signal);
}

async function* follow(
  connection: Connection,
  runId: string,
  after: number,
  left: AbortSignal,
): AsyncGenerator<RunEvent, void> {
  let last = after;
  const patience = connection.patience({ signal: left });
  const ask = () => toOutgoing(ROUTES.readEvents, { params: { run: runId }, query: { after: last } });
  for await (const event of resume<RunEvent>(connection, { ask, patience, left })) {
    if (event.seq <= last) continue; // it was told before the connection was lost
    if (!follows(event, last)) throw gap(runId, last, event.seq);
    last = event.seq;
    patience.restart();
    yield event;
    if (event.type === 'run.ended') return;
  }
}

/** Whether nothing is missing between the last event and this one. */
function follows(event: RunEvent, last: number): boolean {
  const from = event.type === 'journal.compacted' ? Math.min(event.from, event.seq) : event.seq;
  return from <= last + 1;
}

function gap(runId: string, last: number, next: number): OptioError {
  return new OptioError('internal', `the journal of run ${runId} goes from ${last} to ${next}: events are missing`, {
    remedy: 'Read it once more from the beginning, and report this.',
  });
}
