import { applyEvent } from '../contract/reducer.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { createRunView } from '../contract/view.ts';
import type { Engine } from './engine.ts';
import { exportRun } from './run-export.ts';

/** A run of an engine, from outside. */
export function toRunHandle(engine: Engine, id: string): RunHandle {
  const outcome = engine.runs.outcome(id); // still to be read when the engine is closed
  outcome.catch(() => {}); // nobody may be waiting
  const handle: RunHandle = {
    id,
    outcome,
    events: (options) => engine.runs.events(id, options),
    async view() {
      const view = createRunView();
      for await (const event of engine.runs.past(id)) applyEvent(view, event);
      return view;
    },
    queue: engine.controls.queues.of(id),
    send: (message, options) => engine.controls.send(id, message, options),
    interrupt: (options) => engine.controls.interrupt(id, options),
    requestModelChange: async (model) => (await engine.controls.session(id)).requestModelChange(model),
    requestEffortChange: async (effort) => (await engine.controls.session(id)).requestEffortChange(effort),
    finish: () => engine.controls.finish(id),
    pause: (message) => engine.controls.pause(id, message),
    resume: () => engine.controls.resume(id),
    raiseBudget: (budget) => engine.controls.raiseBudget(id, budget),
    cancel: (reason = 'somebody cancelled it') => engine.controls.cancel(id, reason),
    details: () => engine.runs.details(id),
    export: (format) => exportRun({ details: () => handle.details(), past: () => engine.runs.past(id) }, format),
    retry: async (options) => toRunHandle(engine, (await engine.retry(id, options)).id),
    archive: () => engine.archive.add(id),
    unarchive: () => engine.archive.remove(id),
    remove: () => engine.removeRun(id),
    listFiles: (path) => engine.files.list(id, path),
    readFile: (path) => engine.files.read(id, path),
    openFile: (path) => engine.files.open(id, path),
    downloadFiles: (path) => engine.files.download(id, path),
    listChanges: () => engine.diffs.list(id),
    readDiff: (path) => engine.diffs.read(id, path),
    writeFile: (path, content) => engine.files.write(id, path, content),
    answer: (requestId, answer, { by = 'caller', via } = {}) =>
      engine.controls.answer(id, requestId, answer, via === undefined ? by : `${by} (${via})`),
  };
  return handle;
}
