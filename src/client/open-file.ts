import { ROUTES } from '../contract/routes.ts';
import type { OpenedFile } from '../contract/workspace-file.ts';
import { toOutgoing } from './call.ts';
import type { Connection } from './connection.ts';
import { strange } from './problem.ts';
import { Setback } from './setback.ts';

/**
 * A file of a workspace, piece by piece. It is asked for again while nothing of it has come; one that breaks off later throws
 * `server-unreachable`, since the file may have changed meanwhile.
 */
export async function openRemoteFile(connection: Connection, runId: string, path: string): Promise<OpenedFile> {
  const outgoing = toOutgoing(ROUTES.readFile, { params: { run: runId }, query: { path } });
  const closing = new AbortController();
  const once = () => connection.send({ ...outgoing, signal: closing.signal });
  const response = await connection.repeat({ ...outgoing, once, mayRepeat: true });
  const size = Number(response.headers.get('content-length') ?? Number.NaN);
  if (!response.headers.get('content-disposition') || !Number.isSafeInteger(size)) throw strange(response);
  return {
    size,
    pieces: piecesOf(connection, response, closing.signal),
    close: async () => closing.abort(),
  };
}

async function* piecesOf(connection: Connection, { body }: Response, closed: AbortSignal): AsyncIterable<Uint8Array> {
  const reader = body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return;
      yield value as Uint8Array;
    }
  } catch (thrown) {
    if (closed.aborted) return;
    const why = connection.lost(thrown);
    throw why instanceof Setback ? why.error : why;
  }
}
