import type { OptioApi } from '../../src/contract/api.ts';
import type { LaunchBlock } from '../../src/contract/group.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunDetails, RunSummary } from '../../src/contract/run-summary.ts';
import type { Stats } from '../../src/contract/stats.ts';
import type { TaskDetails, TaskSummary } from '../../src/contract/task-definition.ts';
import { NO_USAGE } from '../../src/contract/usage.ts';
import { OptioError } from '../../src/errors.ts';
import { type ScriptedRun, scriptRun } from './run-handle.ts';

/** Every verb of the API with an answer that is written down here. */
export interface ScriptedApi extends ScriptedRun {
  readonly api: OptioApi;
  /** What was asked of the API, with what it was given; what was done to its run is in `calls`. */
  readonly asked: (readonly [verb: string, ...args: unknown[]])[];
}

const NOW = '2026-01-02T03:04:05.000Z';

const SUMMARY: RunSummary = {
  id: 'run-1',
  taskId: 'run',
  name: 'Explain',
  state: 'running',
  problem: null,
  openRequests: 0,
  attempt: 1,
  priority: 0,
  host: 'local',
  metadata: {},
  parentId: null,
  rootId: 'run-1',
  createdAt: NOW,
  scheduledFor: null,
  notBefore: null,
  startedAt: NOW,
  endedAt: null,
  expiresAt: null,
  cancelReason: null,
  error: null,
  digest: {
    activity: null,
    model: null,
    effort: null,
    turns: 0,
    tokens: 0,
    contextTokens: null,
    contextWindow: null,
    progress: null,
    diff: { files: 0, added: 0, removed: 0 },
    lastEventAt: null,
  },
};

const DETAILS: RunDetails = {
  ...SUMMARY,
  params: null,
  budget: null,
  definition: null,
  lastSeq: 0,
  retryOf: null,
  outcome: null,
};

export const OUTCOME = { status: 'done', text: 'It is.', durationMs: 1, usage: NO_USAGE, turns: 1 } as const;

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
  createdAt: NOW,
  updatedAt: NOW,
};
export const TASK_DETAILS: TaskDetails = { ...TASK, definition: null };

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
const TOKEN = { id: 'token-1', name: 'ada', role: 'viewer', createdAt: NOW, expiresAt: null } as const;

export function scriptApi(overrides: Partial<OptioApi> = {}, run: Partial<RunHandle> = {}): ScriptedApi {
  const asked: [string, ...unknown[]][] = [];
  const scripted = scriptRun({
    details: async () => ({ ...DETAILS, lastSeq: (await scripted.run.history()).seq }),
    retry: async () => scripted.handle,
    async *export(format) {
      yield `as ${format}, `;
      yield 'in two pieces';
    },
    listFiles: async (path = '') => ({ workspace: '/work', path, entries: [], isPartial: false }),
    readFile: async () => new TextEncoder().encode('<script>'),
    writeFile: async (path, content) => void asked.push(['writeFile', path, new TextDecoder().decode(content)]),
    answer: async (...args) => void asked.push(['answer', ...args]),
    ...run,
  });
  const block: LaunchBlock = {
    id: 'block-1',
    metadata: {},
    reason: 'a release',
    createdAt: NOW,
    isPersistent: false,
    release: async () => void asked.push(['release']),
    [Symbol.asyncDispose]: async () => {},
  };
  const note = <T>(verb: string, answer: T) => {
    return async (...args: unknown[]): Promise<T> => {
      asked.push([verb, ...args]);
      return answer;
    };
  };
  const api: OptioApi = {
    run: note('run', scripted.handle),
    launch: note('launch', scripted.handle),
    async find(run) {
      asked.push(['find', run]);
      if (run === 'run-none') throw new OptioError('not-found', `there is no run ${run}`);
      return scripted.handle;
    },
    list: note('list', { runs: [SUMMARY], next: null }),
    async *watch(filter) {
      asked.push(['watch', filter]);
      yield { type: 'snapshot', runs: [SUMMARY], requests: [], isPartial: false };
    },
    requests: note('requests', []),
    cancelGroup: note('cancelGroup', ['run-1']),
    block: note('block', block),
    blocks: note('blocks', [block]),
    addTask: note('addTask', TASK_DETAILS),
    tasks: note('tasks', [TASK]),
    task: note('task', TASK_DETAILS),
    removeTask: note('removeTask', undefined),
    pauseTask: note('pauseTask', undefined),
    resumeTask: note('resumeTask', undefined),
    schedules: note('schedules', []),
    models: note('models', []),
    stats: note('stats', STATS),
    doctor: note('doctor', []),
    tokens: note('tokens', [TOKEN]),
    createToken: note('createToken', { ...TOKEN, secret: 'oc_secret' }),
    removeToken: note('removeToken', undefined),
    demo: note('demo', scripted.handle),
    close: note('close', undefined),
    [Symbol.asyncDispose]: async () => {},
    ...overrides,
  };
  return { ...scripted, api, asked };
}
