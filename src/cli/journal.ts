import type { RunEvent } from '../contract/event.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { OptioError } from '../errors.ts';
import type { Outlet } from './outlet.ts';

/**
 * The journal of a run, as fast as our output is read and no faster: what is not read yet stays in the journal, up to
 * its bound. To a reader that is slower still `onLost` is told after which event nothing more comes.
 */
export async function* readJournal(
  handle: RunHandle,
  output: Outlet,
  onLost: (after: number) => void,
): AsyncIterable<RunEvent> {
  let after = 0;
  try {
    for await (const event of handle.events()) {
      yield event;
      after = event.seq;
      await output.ready();
    }
  } catch (thrown) {
    if (!(thrown instanceof OptioError) || thrown.code !== 'not-found') throw thrown;
    onLost(after);
  }
}
