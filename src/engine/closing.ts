import { OptioError } from '../errors.ts';
import type { Cancellation } from './cancellation.ts';
import type { Clock } from './clock.ts';
import type { ClosingTerms } from './closing-terms.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Launched } from './launched.ts';
import type { Launcher } from './launcher.ts';
import type { LiveRun } from './live-run.ts';

/** How long a journal may not be written while we wait for the end of its run, in milliseconds. */
const STUCK_MS = 10_000;

export interface ClosingOptions {
  readonly dispatcher: Dispatcher;
  readonly launcher: Launcher;
  readonly cancellation: Cancellation;
  readonly clock: Pick<Clock, 'after'>;
}

/**
 * Begins nothing any more, lets what is under way end or cancels it, and resolves when all of it has ended. A launch that is
 * under way is written down, and left to the next process. What cannot be told to stop, or cannot be written down, is left as
 * it is; what went wrong is thrown when everything else is done.
 */
export async function closeDown(
  { dispatcher, launcher, cancellation, clock }: ClosingOptions,
  terms: ClosingTerms,
): Promise<void> {
  dispatcher.drain();
  if (!terms.isUp) await Promise.race([dispatcher.idle(), terms.up]);
  terms.release();
  const { leave } = terms; // whoever makes it less from now on comes too late
  const closing = new OptioError('aborted', 'optio-codex is closing');
  const problems: unknown[] = [];
  const callOff = whileStuck(dispatcher, clock, (run, why) => {
    problems.push(why);
    run.detach(closing);
  });
  for (const run of topmost(dispatcher)) {
    const all = await begunBelow(dispatcher, run);
    const detach = () => {
      for (const { live } of all) live?.detach(closing);
    };
    if (leave && all.every(canBeLeft)) detach();
    else {
      await cancellation.cancel(run.record.id, closing.message).catch((thrown) => {
        problems.push(thrown);
        detach();
      });
    }
  }
  await dispatcher.idle();
  callOff();
  await launcher.settled();
  dispatcher.stop();
  if (problems.length > 0) throw problems[0];
}

/** Tells every now and then of each run whose journal cannot be written, until it is called off. */
function whileStuck(
  dispatcher: Dispatcher,
  clock: Pick<Clock, 'after'>,
  tell: (run: LiveRun, why: OptioError) => void,
): () => void {
  let callOff = () => {};
  const look = () => {
    for (const run of dispatcher.live) if (run.journal.blocked) tell(run, run.journal.blocked);
    callOff = clock.after(STUCK_MS, look);
  };
  callOff = clock.after(STUCK_MS, look);
  return () => callOff();
}

/** A run and all that is worked on for its sake, once each of them is live or over. */
async function begunBelow(dispatcher: Dispatcher, run: Launched): Promise<Launched[]> {
  for (;;) {
    const all = below(dispatcher, run);
    const beginning = all.find(({ isTaken, live }) => isTaken && !live);
    if (!beginning) return all.filter(({ isTaken }) => isTaken);
    await beginning.changed;
  }
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
