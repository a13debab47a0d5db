import { setTimeout as delay } from 'node:timers/promises';
import type { CloseOptions } from '../contract/api.ts';
import { OptioError } from '../errors.ts';
import type { Cancellation } from './cancellation.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Launched } from './launched.ts';

/** Begins nothing any more, lets what is under way end or cancels it, and resolves when all of it has ended. */
export async function closeDown(
  dispatcher: Dispatcher,
  cancellation: Cancellation,
  { drainMs = 0, leave = false }: CloseOptions,
): Promise<void> {
  dispatcher.drain();
  const drained = new AbortController();
  const deadline = delay(drainMs, undefined, { signal: drained.signal }).catch(() => {});
  if (drainMs > 0) await Promise.race([dispatcher.idle(), deadline]);
  drained.abort();
  const closing = new OptioError('aborted', 'optio-codex is closing');
  for (const run of topmost(dispatcher)) {
    while (run.isTaken && !run.live) await run.changed;
    const left = leave ? below(dispatcher, run) : [];
    if (left.length > 0 && left.every(canBeLeft)) for (const { live } of left) live?.detach(closing);
    else await cancellation.cancel(run.record.id, closing.message);
  }
  await dispatcher.idle();
  dispatcher.stop();
}

/** What is worked on here, and not for the sake of another run. */
function topmost({ runs }: Dispatcher): Launched[] {
  const isTaken = (id: string | null) => id !== null && runs.get(id)?.isTaken === true;
  return [...runs.values()].filter((run) => run.isTaken && !isTaken(run.record.parentId));
}

/** A run, and all that is worked on for its sake. */
function below(dispatcher: Dispatcher, run: Launched): Launched[] {
  const children = [...dispatcher.runs.values()].filter(
    (child) => child.isTaken && child.record.parentId === run.record.id,
  );
  return [run, ...children.flatMap((child) => below(dispatcher, child))];
}

function canBeLeft({ live }: Launched): boolean {
  return live?.task.canRecover === true && live.order === undefined;
}
