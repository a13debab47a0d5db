import type { RunEvent } from '../../contract/event.ts';
import type { RunHandle } from '../../contract/run-handle.ts';
import { OptioError } from '../../errors.ts';
import type { Outlet } from '../outlet.ts';

export interface JournalOptions {
  /** It is read as fast as this is read, and no faster: what is not read yet stays in the journal, up to its bound. */
  readonly output?: Outlet;
  /** Told to a reader that is slower still: after which event nothing more comes. */
  readonly onLost?: (after: number) => void;
  /** The number of the event after which it begins (0). */
  readonly after?: number;
  /** Ends the reading. */
  readonly left: AbortSignal;
}

/** The journal of a run, until it has ended or one has left it. */
export async function* readJournal(
  handle: RunHandle,
  { output, onLost, left, ...from }: JournalOptions,
): AsyncIterable<RunEvent> {
  let { after = 0 } = from;
  const events = handle.events({ after })[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orLeft(events.next(), left);
      if (!next || next.done) return;
      yield next.value;
      after = next.value.seq;
      await orLeft(output?.ready(), left);
    }
  } catch (thrown) {
    if (!onLost || !(thrown instanceof OptioError) || thrown.code !== 'not-found') throw thrown;
    onLost(after);
  } finally {
    events.return?.()?.catch(() => {}); // not waited for: it may be waiting for an event that does not come
  }
}

/** Undefined once one has left. */
export async function orLeft<T>(promise: Promise<T> | undefined, left: AbortSignal): Promise<T | undefined> {
  if (!promise) return undefined;
  promise.catch(() => {}); // nobody may be waiting any more
  if (left.aborted) return undefined;
  const first = Promise.withResolvers<T | undefined>();
  const leave = () => first.resolve(undefined);
  left.addEventListener('abort', leave, { once: true });
  promise.then(first.resolve, first.reject);
  try {
    return await first.promise;
  } finally {
    left.removeEventListener('abort', leave);
  }
}
