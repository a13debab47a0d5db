import { applyEvent } from '../contract/reducer.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { createRunView } from '../contract/view.ts';
import type { Engine } from './engine.ts';
import { exportRun } from './run-export.ts';

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
    send: (message, options) => engine.send(id, message, options),
    interrupt: (options) => engine.interrupt(id, options),
    requestModelChange: async (model) => (await engine.session(id)).requestModelChange(model),
    requestEffortChange: async (effort) => (await engine.session(id)).requestEffortChange(effort),
    finish: () => engine.finish(id),
    pause: (message) => engine.pause(id, message),
    resume: () => engine.resume(id),
    raiseBudget: (budget) => engine.raiseBudget(id, budget),
    cancel: (reason = 'somebody cancelled it') => engine.cancel(id, reason),
    details: () => engine.details(id),
    export: (format) => exportRun({ details: () => handle.details(), past: () => engine.past(id) }, format),
    retry: async (options) => toRunHandle(engine, (await engine.retry(id, options)).id),
    remove: () => engine.removeRun(id),
    listFiles: (path) => engine.files.list(id, path),
    readFile: (path) => engine.files.read(id, path),
    writeFile: (path, content) => engine.files.write(id, path, content),
    answer: (requestId, answer, { by = 'caller' } = {}) => engine.answer(id, requestId, answer, by),
  };
  return handle;
}
