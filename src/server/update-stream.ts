import type { ServerResponse } from 'node:http';
import type { OptioApi, WatchOptions } from '../contract/api.ts';
import type { RunFilter } from '../contract/run-query.ts';
import { fromUnknown } from '../errors.ts';
import { frameOfUpdate } from './frame.ts';
import { SseResponse, type StreamEnd, type StreamOptions } from './sse-response.ts';

export interface UpdateStreamOptions extends StreamOptions {
  readonly api: Pick<OptioApi, 'watch'>;
  readonly filter?: RunFilter;
  readonly follow?: WatchOptions['follow'];
}

/**
 * A list of runs and whatever changes in it as server-sent events, written straight to a response of Node's, until the reader
 * leaves. He is given the next change once he has taken those before: what changes meanwhile comes as one. Resolves with how it
 * came to its end; never rejects.
 */
export async function streamUpdates(
  response: ServerResponse,
  { api, filter, follow, ...options }: UpdateStreamOptions,
): Promise<StreamEnd> {
  const stream = new SseResponse(response, options);
  try {
    const updates = api.watch(filter, { signal: stream.gone, ...(follow && { follow }) })[Symbol.asyncIterator]();
    stream.gone.addEventListener('abort', () => void updates.return?.()); // it may know of no signal
    for (let next = await updates.next(); !next.done; next = await updates.next()) {
      stream.write(frameOfUpdate(next.value));
      await stream.drained();
    }
    stream.cut('aborted', 'the server is stopping');
  } catch (thrown) {
    stream.fail(fromUnknown(thrown));
  }
  return stream.ended;
}
