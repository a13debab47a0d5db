import { randomUUID } from 'node:crypto';
import type { RunEvent } from '../contract/event.ts';
import { applyEvent } from '../contract/reducer.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { createRunView } from '../contract/view.ts';
import { fromUnknown, OptioError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { exportRun } from './run-export.ts';
import { toRunTurn } from './run-turn.ts';

/** A run of an engine, from outside. */
export function toRunHandle(engine: Engine, id: string): RunHandle {
  const outcome = engine.outcome(id); // still to be read when the engine is closed
  outcome.catch(() => {}); // nobody may be waiting
  const handle: RunHandle = {
    id,
    outcome,
    events: (options) => engine.events(id, options),
    async view() {
      const view = createRunView();
      for await (const event of engine.past(id)) applyEvent(view, event);
      return view;
    },
    async send(message, { steer = false } = {}) {
      const session = await engine.session(id);
      const after = engine.live(id).journal.lastSeq;
      const events = () => engine.events(id, { after });
      const messageId = randomUUID();
      const sent = session.send(message, { steer, messageId });
      const turnId = await sent.then((turn) => turn.turnId).catch((thrown) => turnOfLater(events(), messageId, thrown));
      return toRunTurn(turnId, events);
    },
    interrupt: async () => engine.live(id).controls.interrupt(),
    requestModelChange: async (model) => (await engine.session(id)).requestModelChange(model),
    finish: async () => (await engine.session(id)).finish(),
    pause: (message) => engine.pause(id, message),
    resume: () => engine.resume(id),
    raiseBudget: (budget) => engine.raiseBudget(id, budget),
    cancel: (reason = 'somebody cancelled it') => engine.cancel(id, reason),
    details: async () => unbuilt(),
    export: (format) => exportRun({ details: () => handle.details(), past: () => engine.past(id) }, format),
    requestEffortChange: async () => unbuilt(),
    retry: async () => unbuilt(),
    remove: async () => unbuilt(),
    listFiles: (path) => engine.files.list(id, path),
    readFile: (path) => engine.files.read(id, path),
    writeFile: (path, content) => engine.files.write(id, path, content),
    answer: (requestId, answer, { by = 'caller' } = {}) => engine.answer(id, requestId, answer, by),
  };
  return handle;
}

/**
 * Where codex dies before it has accepted a message, another one may go on with the thread and get it: the turn in which
 * it is then. Throws what was thrown where none is.
 */
async function turnOfLater(events: AsyncIterable<RunEvent>, messageId: string, thrown: unknown): Promise<string> {
  const { code } = fromUnknown(thrown);
  if (code !== 'conversation-closed' && code !== 'codex-exited' && code !== 'connection-closed') throw thrown;
  for await (const event of events) {
    if (!('messageId' in event) || event.messageId !== messageId) continue;
    if (event.type === 'message.accepted' || event.type === 'message.taken') return event.turnId;
    if (event.type === 'message.refused') break;
  }
  throw thrown;
}

function unbuilt(): never {
  throw new OptioError('internal', 'this is not built yet');
}
