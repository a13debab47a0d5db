import type { RunEvent } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { ROUTES } from '../contract/routes.ts';
import type { ReadOptions, RunHandle } from '../contract/run-handle.ts';
import type { RunDetails } from '../contract/run-summary.ts';
import { toRunTurn } from '../contract/run-turn.ts';
import type { RunView } from '../contract/view.ts';
import type { OptioError } from '../errors.ts';
import { call, callForBytes } from './call.ts';
import type { Connection } from './connection.ts';
import { readEvents } from './event-stream.ts';
import { readExport, readZip } from './export.ts';
import { toMessageQueue } from './message-queue.ts';
import { openRemoteFile } from './open-file.ts';

/** How long the server may keep a question for the outcome, in milliseconds: proxies cut what takes longer than half a minute or so. */
const WAIT_MS = 25_000;

/** A run, over HTTP. */
export function toRunHandle(connection: Connection, id: string): RunHandle {
  const params = { run: id };
  const events = (options?: ReadOptions): AsyncIterable<RunEvent> => readEvents(connection, id, options);
  const view = async () => (await call(connection, ROUTES.showView, { params })) as unknown as RunView;
  const details = () => call(connection, ROUTES.showRun, { params });
  let outcome: Promise<RunOutcome> | undefined;
  return {
    id,
    /** Nothing is asked before somebody wants to know. */
    get outcome() {
      if (!outcome) {
        outcome = waitForOutcome(connection, id);
        outcome.catch(() => {}); // nobody may be waiting
      }
      return outcome;
    },
    details,
    events,
    view,
    export: (format) => readExport(connection, id, format),
    async send(message, { idempotencyKey: key, steer, images } = {}) {
      const body = {
        text: message,
        ...(steer !== undefined && { steer }),
        ...(images !== undefined && { images: [...images] }),
      };
      const { turnId, after } = await call(connection, ROUTES.sendMessage, { params, body, key });
      return toRunTurn(turnId, () => events({ after: after ?? 0 }), after);
    },
    queue: toMessageQueue(connection, id),
    async interrupt({ turnId } = {}) {
      // Naming the turn makes it harmless twice: the next one goes on when it has begun meanwhile.
      const seen = turnId ?? (await details()).turnId;
      const body = seen === null ? {} : { turnId: seen };
      await call(connection, ROUTES.interruptRun, { params, body }, { mayRepeat: seen !== null, wasDone: hasNoTurn });
    },
    requestModelChange: (model) => call(connection, ROUTES.changeControls, { params, body: { model } }),
    requestEffortChange: (effort) => call(connection, ROUTES.changeControls, { params, body: { effort } }),
    finish: () => {
      const wasDone = async () => (await details()).state === 'done';
      return call(connection, ROUTES.finishRun, { params }, { wasDone });
    },
    pause: (message) => call(connection, ROUTES.pauseRun, { params, body: message === undefined ? {} : { message } }),
    resume: () => call(connection, ROUTES.resumeRun, { params }),
    raiseBudget: (budget) => call(connection, ROUTES.raiseBudget, { params, body: budget }),
    cancel: (reason) => call(connection, ROUTES.cancelRun, { params, body: reason === undefined ? {} : { reason } }),
    async retry({ idempotencyKey: key } = {}) {
      const { id: again }: RunDetails = await call(connection, ROUTES.retryRun, { params, key });
      return toRunHandle(connection, again);
    },
    archive: () => call(connection, ROUTES.archiveRun, { params }),
    unarchive: () => call(connection, ROUTES.unarchiveRun, { params }),
    remove: () => call(connection, ROUTES.removeRun, { params }),
    answer: (request, answer, { by, via } = {}) =>
      call(connection, ROUTES.answerRequest, {
        params: { run: id, request },
        body: { answer, ...(by !== undefined && { by }), ...(via !== undefined && { via }) },
      }),
    listFiles: (path) => call(connection, ROUTES.listFiles, { params, query: path === undefined ? {} : { path } }),
    readFile: (path) => callForBytes(connection, ROUTES.readFile, { params, query: { path } }),
    openFile: (path) => openRemoteFile(connection, id, path),
    downloadFiles: (path) => readZip(connection, id, path),
    listChanges: () => call(connection, ROUTES.listChanges, { params }),
    readDiff: (path) => call(connection, ROUTES.readDiff, { params, query: path === undefined ? {} : { path } }),
    writeFile: (path, content) => call(connection, ROUTES.writeFile, { params, query: { path }, body: content }),
  };
}

/** It is asked again and again, however long nobody answers: only the run decides when it is over. */
async function waitForOutcome(connection: Connection, id: string): Promise<RunOutcome> {
  const input = { params: { run: id }, query: { waitMs: WAIT_MS } };
  const options = { patienceMs: Number.POSITIVE_INFINITY, deadlineMs: WAIT_MS + connection.silenceMs };
  for (;;) {
    const { outcome } = await call(connection, ROUTES.waitForRun, input, options);
    if (outcome) return outcome;
  }
}

/** There is no session (any more) in which a turn could run. */
function hasNoTurn({ code }: OptioError): boolean {
  return code === 'conversation-not-ready' || code === 'conversation-closed';
}
