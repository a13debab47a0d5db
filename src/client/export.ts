import { ROUTES } from '../contract/routes.ts';
import type { ExportFormat } from '../contract/run-handle.ts';
import { toOutgoing } from './call.ts';
import type { Connection } from './connection.ts';
import { strange } from './problem.ts';
import { Setback } from './setback.ts';
import { stoppable } from './stoppable.ts';

/**
 * A run as a document, piece by piece as it comes. It is asked for again while nothing of it has come; one that breaks off
 * later throws `server-unreachable`, since the run may have gone on meanwhile.
 */
export function readExport(connection: Connection, runId: string, format: ExportFormat): AsyncIterable<string> {
  return stoppable((left) => texts(connection, runId, format, left));
}

/** A directory of a workspace as a zip, in the same way. */
export function readZip(connection: Connection, runId: string, path?: string): AsyncIterable<Uint8Array> {
  const query = path === undefined ? {} : { path };
  return stoppable((left) =>
    pieces(connection, toOutgoing(ROUTES.downloadFiles, { params: { run: runId }, query }), left),
  );
}

async function* texts(
  connection: Connection,
  runId: string,
  format: ExportFormat,
  left: AbortSignal,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const outgoing = toOutgoing(ROUTES.exportRun, { params: { run: runId }, query: { format } });
  for await (const piece of pieces(connection, outgoing, left)) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

async function* pieces(
  connection: Connection,
  outgoing: ReturnType<typeof toOutgoing>,
  left: AbortSignal,
): AsyncGenerator<Uint8Array, void> {
  const once = () => connection.send({ ...outgoing, signal: left });
  const response = await connection.repeat({ ...outgoing, once, mayRepeat: true });
  if (response.headers.get('content-type')?.startsWith('text/html')) throw strange(response);
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      if (done) return;
      if (value) yield value;
    }
  } catch (thrown) {
    if (left.aborted) return;
    const why = connection.lost(thrown);
    throw why instanceof Setback ? why.error : why;
  } finally {
    void reader?.cancel().catch(() => {}); // it is gone already
  }
}
