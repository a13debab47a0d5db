import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { MemoryRun, MemoryRunOptions } from '../../src/task/memory.ts';
import { endRun, makeRun } from './memory-run.ts';
import { scriptQueue } from './scripted-queue.ts';

/** A run from outside that nobody executes: the test writes its journal. */
export interface ScriptedRun {
  readonly run: MemoryRun;
  readonly handle: RunHandle;
  /** What was done to it, in order. */
  readonly calls: string[];
  end(status?: RunOutcome['status'], more?: Partial<RunOutcome>): void;
}

export function scriptRun(overrides: Partial<RunHandle> = {}, journal: Partial<MemoryRunOptions> = {}): ScriptedRun {
  const run = makeRun(journal);
  const outcome = Promise.withResolvers<RunOutcome>();
  const calls: string[] = [];
  const handle: RunHandle = {
    id: run.runId,
    outcome: outcome.promise,
    events: (options) => run.events(options),
    view: () => run.history(),
    send: async (message) => {
      calls.push(`send ${message}`);
      return { id: 't1', completed: new Promise(() => {}) };
    },
    queue: scriptQueue(run, (what) => void calls.push(what)),
    interrupt: async () => void calls.push('interrupt'),
    requestModelChange: async (model) => void calls.push(`model ${model}`),
    finish: async () => void calls.push('finish'),
    pause: async () => void calls.push('pause'),
    resume: async () => void calls.push('resume'),
    raiseBudget: async () => void calls.push('raiseBudget'),
    cancel: async (reason) => void calls.push(`cancel ${reason}`),
    details: async () => unscripted(),
    export: () => unscripted(),
    requestEffortChange: async (effort) => void calls.push(`effort ${effort}`),
    retry: async () => unscripted(),
    archive: async () => void calls.push('archive'),
    unarchive: async () => void calls.push('unarchive'),
    remove: async () => void calls.push('remove'),
    listFiles: async () => unscripted(),
    readFile: async () => unscripted(),
    openFile: async () => unscripted(),
    downloadFiles: () => unscripted(),
    listChanges: async () => unscripted(),
    readDiff: async () => unscripted(),
    writeFile: async () => unscripted(),
    answer: async (requestId, answer, { by = 'caller', via } = {}) =>
      run.answer(requestId, answer, via === undefined ? by : `${by} (${via})`),
    ...overrides,
  };
  const end: ScriptedRun['end'] = (status = 'done', more = {}) => {
    const usage = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
    endRun(run);
    outcome.resolve({ status, text: '', durationMs: 0, usage, turns: 1, ...more });
  };
  return { run, handle, calls, end };
}

function unscripted(): never {
  throw new Error('nobody has scripted this');
}
