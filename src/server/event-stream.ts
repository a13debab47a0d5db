import type { ServerResponse } from 'node:http';
import type { RunHandle } from '../contract/run-handle.ts';
import { fromUnknown } from '../errors.ts';
import { frameOfEvent } from './frame.ts';
import { SseResponse, type StreamEnd, type StreamOptions } from './sse-response.ts';

/** What was read of the journal for a reader is let go when he has not taken the rest for so long, in milliseconds. */
const LET_GO_MS = 1_000;

export interface EventStreamOptions extends StreamOptions {
  readonly handle: Pick<RunHandle, 'events' | 'outcome'>;
  /** The number of the last event that the reader has (0). */
  readonly after?: number;
}

/**
 * The journal of a run as server-sent events, written straight to a response of Node's, until the run has ended. Resolves with
 * how it came to its end; never rejects.
 */
export async function streamEvents(response: ServerResponse, options: EventStreamOptions): Promise<StreamEnd> {
  const stream = new SseResponse(response, options);
  try {
    await tell(stream, options);
  } catch (thrown) {
    stream.fail(fromUnknown(thrown));
  }
  return stream.ended;
}

async function tell(stream: SseResponse, { handle, after = 0 }: EventStreamOptions): Promise<void> {
  let at = after;
  let isLetGo = true;
  while (isLetGo && !stream.gone.aborted) {
    isLetGo = false;
    for await (const event of handle.events({ after: at, signal: stream.gone })) {
      at = event.seq;
      stream.write(frameOfEvent(event), at);
      if (event.type === 'run.ended') return stream.end();
      await stream.drained(LET_GO_MS);
      isLetGo = stream.isFull;
      if (isLetGo) break;
    }
    await stream.drained();
  }
  if (stream.gone.aborted) return;
  if (await hasEnded(handle)) stream.end();
  else stream.cut('aborted', 'the server is stopping');
}

/** Whether a run has ended whose journal has. Otherwise this process leaves it to another. */
function hasEnded({ outcome }: Pick<RunHandle, 'outcome'>): Promise<boolean> {
  return outcome.then(
    () => true,
    () => false,
  );
}
