import type { OptioApi } from '../../src/contract/api.ts';
import type { LaunchBlock } from '../../src/contract/group.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunQuery } from '../../src/contract/run-query.ts';
import type { OpenRequest, RunDetails, RunSummary } from '../../src/contract/run-summary.ts';
import type { Stats } from '../../src/contract/stats.ts';
import type { TaskDetails, TaskSummary } from '../../src/contract/task-definition.ts';
import { OptioError } from '../../src/errors.ts';
import { type ScriptedRun, scriptRun } from './run-handle.ts';
import { detailsOf, LAUNCHED_AT } from './run-summary.ts';
import { LOGIN, SEED, SEED_CONFIG } from './seed-summary.ts';

/** An API without anything behind it: the test says what there is, and looks at what was asked and done. */
export interface ScriptedApi {
  readonly api: OptioApi;
  /** What was asked of it, with what it was given. */
  readonly asked: [verb: string, ...given: unknown[]][];
  /** What was done to it and to its runs, in order, as text. Nothing is here of what only looks. */
  readonly calls: string[];
  /** A run, for its journal and its end: `run-1`, unless told otherwise. */
  run(id?: string): ScriptedRun;
}

export interface ScriptedApiOptions {
  /** The newest first: `run-1` alone, unless told otherwise. */
  readonly runs?: readonly RunDetails[];
  readonly requests?: readonly OpenRequest[];
  /** More of the handles of the runs. It is noted nowhere. */
  readonly handle?: Partial<RunHandle>;
  /** What the API does otherwise. It is noted nowhere. */
  readonly api?: Partial<OptioApi>;
}

const ONE_RUN = [detailsOf({ id: 'run-1' })];
const TASK: TaskSummary = {
  id: 'nightly',
  name: 'Nightly',
  description: null,
  metadata: {},
  isPaused: false,
  problem: null,
  schedule: null,
  activeRuns: 0,
  lastRun: null,
  createdAt: LAUNCHED_AT,
  updatedAt: LAUNCHED_AT,
};
export const TASK_DETAILS: TaskDetails = { ...TASK, definition: null };
const TOKEN = { id: 'token-1', name: 'ada', role: 'viewer', createdAt: LAUNCHED_AT, expiresAt: null } as const;

export const STATS: Stats = {
  runs: { scheduled: 0, starting: 0, running: 1, paused: 0, cancelling: 0, done: 0, failed: 0, cancelled: 0 },
  liveRuns: 1,
  launched: 1,
  takenUp: 0,
  turns: 0,
  tokens: { input: 0, cached: 0, output: 0, reasoning: 0 },
  openRequests: 0,
  oldestRequestMs: 0,
  answered: 0,
  events: 0,
  readers: 0,
  watchers: 0,
  problems: 0,
  blocked: 0,
};

/** Unless told otherwise there is one of each: a run, a task, a block, a token. */
export function scriptApi(options: ScriptedApiOptions = {}): ScriptedApi {
  const { runs = ONE_RUN, requests = [], handle = {}, api = {} } = options;
  const asked: ScriptedApi['asked'] = [];
  const calls: string[] = [];
  const note = (verb: string, ...given: unknown[]) => {
    const texts = given.flatMap((value) => (value === undefined ? [] : [JSON.stringify(value)]));
    calls.push([verb, ...texts].join(' '));
  };
  /** A verb that only looks. */
  const look = <T>(verb: string, answer: T) => {
    return async (...given: unknown[]): Promise<T> => {
      asked.push([verb, ...given]);
      return answer;
    };
  };
  /** One that does something. */
  const act = <T>(verb: string, answer: T) => {
    return async (...given: unknown[]): Promise<T> => {
      note(verb, ...given);
      return look(verb, answer)(...given);
    };
  };
  const scripted = new Map<string, ScriptedRun>();
  const run = (id = 'run-1'): ScriptedRun => {
    const details = runs.find((known) => known.id === id) ?? detailsOf({ id });
    const retry = async () => run('run-new').handle;
    const known = scripted.get(id);
    if (known) return known;
    const made: ScriptedRun = scriptRun({
      id,
      ...handleOf(details, note),
      details: async () => ({ ...details, lastSeq: (await made.run.history()).seq }),
      retry,
      ...handle,
    });
    scripted.set(id, made);
    return made;
  };
  const block: LaunchBlock = {
    id: 'block-1',
    metadata: {},
    reason: 'a release',
    createdAt: LAUNCHED_AT,
    isPersistent: false,
    release: async () => note('release', 'block-1'),
    [Symbol.asyncDispose]: async () => {},
  };
  const begun = run('run-new').handle;
  const ids = runs.map(({ id }) => id);
  const whole: OptioApi = {
    run: act('run', begun),
    launch: act('launch', begun),
    find: async (name) => {
      asked.push(['find', name]);
      return run(idOf(runs, name)).handle;
    },
    list: async (query = {}) => {
      asked.push(['list', query]);
      return pageOf(runs, query);
    },
    search: look('search', { found: [], next: null, isBehind: false }),
    async *watch(filter) {
      asked.push(['watch', filter]);
      yield { type: 'snapshot', runs: [...runs], requests: [...requests], isPartial: false };
    },
    requests: async (runId) => {
      asked.push(['requests', runId]);
      return requests.filter((open) => runId === undefined || open.runId === runId);
    },
    cancelGroup: act('cancelGroup', ids),
    block: act('block', block),
    blocks: look('blocks', [block]),
    addTask: act('addTask', TASK_DETAILS),
    tasks: look('tasks', [TASK]),
    task: look('task', TASK_DETAILS),
    removeTask: act('removeTask', undefined),
    pauseTask: act('pauseTask', undefined),
    resumeTask: act('resumeTask', undefined),
    schedules: look('schedules', []),
    models: look('models', []),
    stats: look('stats', STATS),
    doctor: look('doctor', []),
    tokens: look('tokens', [TOKEN]),
    createToken: act('createToken', { ...TOKEN, secret: 'oc_secret' }),
    removeToken: act('removeToken', undefined),
    listSeeds: look('listSeeds', [SEED]),
    addSeed: act('addSeed', SEED),
    undoSeed: act('undoSeed', SEED),
    seedConfig: look('seedConfig', SEED_CONFIG),
    setSeedConfig: act('setSeedConfig', { ...SEED_CONFIG, dropped: [] }),
    startSeedLogin: act('startSeedLogin', LOGIN),
    seedLogins: look('seedLogins', [LOGIN]),
    seedLogin: look('seedLogin', LOGIN),
    cancelSeedLogin: act('cancelSeedLogin', LOGIN),
    verifySeed: act('verifySeed', { verdict: 'alive', reason: null, isRefreshed: false, seed: SEED }),
    removeSeed: act('removeSeed', undefined),
    demo: act('demo', begun),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
    ...api,
  };
  return { api: whole, asked, calls, run };
}

/** What a handle does besides what `scriptRun` lets it do. */
function handleOf(details: RunDetails, note: (verb: string, ...given: unknown[]) => void): Partial<RunHandle> {
  const { id } = details;
  return {
    interrupt: async () => note('interrupt', id),
    pause: async (message) => note('pause', id, message),
    resume: async () => note('resume', id),
    finish: async () => note('finish', id),
    cancel: async (reason) => note('cancel', id, reason),
    archive: async () => note('archive', id),
    unarchive: async () => note('unarchive', id),
    remove: async () => note('remove', id),
    raiseBudget: async (budget) => note('raiseBudget', id, budget),
    requestModelChange: async (model) => note('model', id, model),
    requestEffortChange: async (effort) => note('effort', id, effort),
    answer: async (requestId, answer, options) => note('answer', id, requestId, answer, options),
    send: async (message) => {
      note('send', id, message);
      return { id: 't1', completed: new Promise(() => {}) };
    },
    async *export(format) {
      yield `as ${format}, `;
      yield 'in two pieces';
    },
    listFiles: async (path = '') => ({ workspace: '/work', path, entries: [], isPartial: false }),
    readFile: async () => FILE,
    openFile: async () => ({
      size: FILE.length,
      pieces: (async function* () {
        yield FILE;
      })(),
      close: async () => {},
    }),
    async *downloadFiles(path = '') {
      yield new TextEncoder().encode(`zip of ${path}, `);
      yield new TextEncoder().encode('in two pieces');
    },
    listChanges: async () => ({ base: 'start', at: 'now', files: [], isPartial: false, note: null }),
    readDiff: async () => ({ base: 'start', at: 'now', diff: '', isCut: false }),
    writeFile: async (path, content) => note('writeFile', id, path, new TextDecoder().decode(content)),
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

function pageOf(runs: readonly RunSummary[], query: RunQuery) {
  const { states, metadata = {}, search, isArchived = false, limit = 100, cursor = '0' } = query;
  const matching = runs.filter((run) => {
    const hasTags = Object.entries(metadata).every(([name, value]) => run.metadata[name] === value);
    const isFound = search === undefined || `${run.name} ${run.id}`.toLowerCase().includes(search.toLowerCase());
    const isThere = (run.archivedAt !== null) === isArchived;
    return (!states || states.includes(run.state)) && hasTags && isFound && isThere;
  });
  const end = Number(cursor) + limit;
  return { runs: matching.slice(Number(cursor), end), next: end < matching.length ? String(end) : null };
}

const FILE = new TextEncoder().encode('<script>');
