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
  return stoppable((left) => pieces(connection, runId, format, left));
}

async function* pieces(
  connection: Connection,
  runId: string,
  format: ExportFormat,
  left: AbortSignal,
): AsyncGenerator<string, void> {
  const outgoing = toOutgoing(ROUTES.exportRun, { params: { run: runId }, query: { format } });
  const once = () => connection.send({ ...outgoing, signal: left });
  const response = await connection.repeat({ once, mayRepeat: true });
  if (response.headers.get('content-type')?.startsWith('text/html')) throw strange(response);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true };
      const text = decoder.decode(value, { stream: !done });
      if (text !== '') yield text;
      if (done) return;
    }
  } catch (thrown) {
    if (left.aborted) return;
    const why = connection.lost(thrown);
    throw why instanceof Setback ? why.error : why;
  } finally {
    void reader?.cancel().catch(() => {}); // it is gone already
  }
}
