import type { OptioApi } from '../../src/contract/api.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunQuery } from '../../src/contract/run-query.ts';
import type { OpenRequest, RunDetails, RunSummary } from '../../src/contract/run-summary.ts';
import { OptioError } from '../../src/errors.ts';
import { type ScriptedRun, scriptRun } from './run-handle.ts';
import { detailsOf } from './run-summary.ts';

/** An API without anything behind it: the test says what there is, and looks at what was done. */
export interface ScriptedApi {
  readonly api: OptioApi;
  /** What was done to it and to its runs, in order. */
  readonly calls: string[];
  /** The run of this id, for its journal and its end. */
  run(id: string): ScriptedRun;
}

export interface ScriptedApiOptions {
  /** The newest first. */
  readonly runs?: readonly RunDetails[];
  readonly requests?: readonly OpenRequest[];
  /** More of the handles of the runs. */
  readonly handle?: Partial<RunHandle>;
  /** What else the API does. */
  readonly api?: Partial<OptioApi>;
}

export function scriptApi({ runs = [], requests = [], handle = {}, api = {} }: ScriptedApiOptions = {}): ScriptedApi {
  const calls: string[] = [];
  const note = (call: string, ...given: unknown[]) =>
    void calls.push([call, ...given.map((value) => JSON.stringify(value))].join(' '));
  const scripted = new Map<string, ScriptedRun>();
  const scriptedRun = (id: string): ScriptedRun => {
    const details = runs.find((run) => run.id === id) ?? detailsOf({ id });
    const known = scripted.get(id);
    if (known) return known;
    const made = scriptRun({
      id,
      ...handleOf(details, note),
      details: async () => ({ ...details, lastSeq: (await made.run.history()).seq }),
      ...handle,
    });
    scripted.set(id, made);
    return made;
  };
  const find = async (name: string) => scriptedRun(idOf(runs, name)).handle;
  const whole: OptioApi = {
    find,
    list: async (query = {}) => pageOf(runs, query),
    requests: async (runId) => requests.filter((open) => runId === undefined || open.runId === runId),
    run: async (spec, options) => {
      note('run', spec.instructions, options);
      return scriptedRun('run-new').handle;
    },
    launch: async (taskId, options) => {
      note('launch', taskId, options);
      return scriptedRun('run-new').handle;
    },
    watch: unscripted,
    cancelGroup: async (...given) => {
      note('cancelGroup', ...given);
      return runs.map(({ id }) => id);
    },
    block: unscripted,
    blocks: async () => [],
    addTask: unscripted,
    tasks: async () => [],
    task: unscripted,
    removeTask: async (id) => note('removeTask', id),
    pauseTask: async (id) => note('pauseTask', id),
    resumeTask: async (id) => note('resumeTask', id),
    schedules: async () => [],
    models: async () => [],
    stats: unscripted,
    doctor: unscripted,
    tokens: async () => [],
    createToken: unscripted,
    removeToken: async (id) => note('removeToken', id),
    demo: unscripted,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    ...api,
  };
  return { api: whole, calls, run: scriptedRun };
}

/** What a handle does besides what `scriptRun` lets it do. */
function handleOf(details: RunDetails, note: (call: string, ...given: unknown[]) => void): Partial<RunHandle> {
  const { id } = details;
  return {
    interrupt: async () => note('interrupt', id),
    pause: async (message) => note('pause', id, message),
    resume: async () => note('resume', id),
    finish: async () => note('finish', id),
    cancel: async (reason) => note('cancel', id, reason),
    remove: async () => note('remove', id),
    raiseBudget: async (budget) => note('raiseBudget', id, budget),
    requestModelChange: async (model) => note('model', id, model),
    requestEffortChange: async (effort) => note('effort', id, effort),
    answer: async (requestId, answer, options) => note('answer', id, requestId, answer, options),
  };
}

function idOf(runs: readonly RunSummary[], name: string): string {
  const [newest] = runs;
  if (name === '@last' && newest) return newest.id;
  const meant = runs.filter((run) => run.id === name || run.id.startsWith(name) || run.name === name);
  const [only] = meant;
  if (!only) throw new OptioError('not-found', `there is no run ${name}`);
  if (meant.length > 1) throw new OptioError('invalid-input', `more than one run may be meant by ${name}`);
  return only.id;
}

function pageOf(runs: readonly RunSummary[], { states, metadata = {}, search, limit = 100, cursor = '0' }: RunQuery) {
  const matching = runs.filter((run) => {
    const hasTags = Object.entries(metadata).every(([name, value]) => run.metadata[name] === value);
    const isFound = search === undefined || run.name.includes(search) || run.id.includes(search);
    return (!states || states.includes(run.state)) && hasTags && isFound;
  });
  const end = Number(cursor) + limit;
  return { runs: matching.slice(Number(cursor), end), next: end < matching.length ? String(end) : null };
}

function unscripted(): never {
  throw new Error('nobody has scripted this');
}
