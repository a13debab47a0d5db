import type { OptioClient } from '../../src/client/client.ts';
import type { RouteName } from '../../src/contract/routes.ts';
import { createRunView } from '../../src/contract/view.ts';
import { INFO } from './route-server.ts';
import { LOGIN, SEED, SEED_CONFIG } from './seed-summary.ts';

/** How a route is called through the client, and what comes of the answer. */
export interface Verb {
  readonly say: (client: OptioClient) => Promise<unknown>;
  readonly answer?: unknown;
  /** What the verb gives (the answer). */
  readonly gives?: unknown;
  /** It is not known whether it is harmless twice, so it is not tried again. */
  readonly isOnce?: true;
}

const RUN = { id: 'run-1', name: 'Nightly', state: 'done' };
const TASK = { id: 'nightly', config: { instructions: 'Go.', workspace: { fresh: true } } } as const;
const BLOCK = { id: 'block-1', metadata: {}, reason: 'not today', createdAt: INFO.startedAt, isPersistent: false };
const QUEUED = { id: 'm1', text: 'Then this.', images: [] };
const OUTCOME = { status: 'done', text: 'Here you are.' };
const BYTES = new Uint8Array([0, 255, 10, 128]);

/** The handle of a run, by which nothing else is asked of the server. */
const onRun = (client: OptioClient) => client.find(RUN.id);
/** Streams, and what the client has no use for. */
type Others = 'readEvents' | 'watchRuns' | 'exportRun' | 'downloadFiles' | 'readJournal' | 'showControls';

/** One for each route that answers in one piece. */
export const VERBS: Readonly<Record<Exclude<RouteName, Others>, Verb>> = {
  listRuns: { say: (client) => client.list(), answer: { runs: [RUN], next: 'more' } },
  searchRuns: {
    say: (client) => client.search({ text: 'needle', states: ['done'] }),
    answer: { found: [], next: null, isBehind: false },
  },
  startRun: { say: async (client) => (await client.run(TASK.config)).id, answer: RUN, gives: 'run-1' },
  startDemo: { say: async (client) => (await client.demo()).id, answer: RUN, gives: 'run-1' },
  cancelRuns: {
    say: (client) => client.cancelGroup({ metadata: { team: 'red' } }, { reason: 'enough' }),
    answer: { runs: ['run-1'] },
    gives: ['run-1'],
    isOnce: true,
  },
  showRun: { say: async (client) => (await client.find('@last')).id, answer: RUN, gives: 'run-1' },
  removeRun: { say: async (client) => (await onRun(client)).remove() },
  archiveRun: { say: async (client) => (await onRun(client)).archive() },
  unarchiveRun: { say: async (client) => (await onRun(client)).unarchive() },
  retryRun: {
    say: async (client) => (await (await onRun(client)).retry()).id,
    answer: { ...RUN, id: 'run-2' },
    gives: 'run-2',
  },
  waitForRun: { say: async (client) => (await onRun(client)).outcome, answer: { outcome: OUTCOME }, gives: OUTCOME },
  cancelRun: { say: async (client) => (await onRun(client)).cancel('enough') },
  pauseRun: { say: async (client) => (await onRun(client)).pause() },
  resumeRun: { say: async (client) => (await onRun(client)).resume() },
  finishRun: { say: async (client) => (await onRun(client)).finish() },
  raiseBudget: { say: async (client) => (await onRun(client)).raiseBudget({ turns: 7 }) },
  sendMessage: {
    say: async (client) => (await (await onRun(client)).send('Go on.')).id,
    answer: { turnId: 'turn-1', after: 3 },
    gives: 'turn-1',
  },
  showQueue: {
    say: async (client) => (await onRun(client)).queue.list(),
    answer: { messages: [QUEUED], pause: null },
  },
  queueMessage: { say: async (client) => (await onRun(client)).queue.add('Then this.'), answer: QUEUED },
  editQueued: { say: async (client) => (await onRun(client)).queue.edit('m1', 'Then that.', { was: 'Then this.' }) },
  moveQueued: { say: async (client) => (await onRun(client)).queue.move('m1', null) },
  removeQueued: { say: async (client) => (await onRun(client)).queue.remove('m1') },
  clearQueue: { say: async (client) => (await onRun(client)).queue.clear() },
  holdQueued: { say: async (client) => (await onRun(client)).queue.hold('m1') },
  releaseQueued: { say: async (client) => (await onRun(client)).queue.release('m1') },
  pauseQueue: { say: async (client) => (await onRun(client)).queue.pause() },
  resumeQueue: { say: async (client) => (await onRun(client)).queue.resume() },
  interruptRun: { say: async (client) => (await onRun(client)).interrupt({ turnId: 'turn-1' }) },
  changeControls: { say: async (client) => (await onRun(client)).requestModelChange('other') },
  showView: { say: async (client) => (await onRun(client)).view(), answer: createRunView() },
  listRequests: { say: (client) => client.requests(), answer: { requests: [] }, gives: [] },
  listRequestsOfRun: { say: (client) => client.requests(RUN.id), answer: { requests: [] }, gives: [] },
  answerRequest: { say: async (client) => (await onRun(client)).answer('r1', { kind: 'decision', behavior: 'allow' }) },
  listFiles: {
    say: async (client) => (await onRun(client)).listFiles(),
    answer: { workspace: '/space', path: '', entries: [], isPartial: false },
  },
  readFile: { say: async (client) => (await onRun(client)).readFile('a b.bin'), answer: BYTES },
  listChanges: {
    say: async (client) => (await onRun(client)).listChanges(),
    answer: { base: 'start', at: 'now', files: [], isPartial: false, note: null },
  },
  readDiff: {
    say: async (client) => (await onRun(client)).readDiff('a b.txt'),
    answer: { base: 'start', at: 'end', diff: '', isCut: false },
  },
  writeFile: { say: async (client) => (await onRun(client)).writeFile('a b.bin', BYTES) },
  listTasks: { say: (client) => client.tasks(), answer: { tasks: [TASK] }, gives: [TASK] },
  showTask: { say: (client) => client.task('a/b'), answer: TASK },
  putTask: { say: (client) => client.addTask(TASK), answer: TASK },
  removeTask: { say: (client) => client.removeTask('a/b') },
  launchTask: { say: async (client) => (await client.launch('a/b')).id, answer: RUN, gives: 'run-1' },
  pauseTask: { say: (client) => client.pauseTask('a/b') },
  resumeTask: { say: (client) => client.resumeTask('a/b') },
  listSchedules: { say: (client) => client.schedules(), answer: { schedules: [] }, gives: [] },
  listBlocks: {
    say: async (client) => (await client.blocks()).map(({ id }) => id),
    answer: { blocks: [BLOCK] },
    gives: [BLOCK.id],
  },
  addBlock: {
    say: async (client) => (await client.block({}, { reason: 'not today' })).id,
    answer: BLOCK,
    gives: BLOCK.id,
  },
  removeBlock: { say: async (client) => (await client.blocks())[0]?.release() },
  showServer: { say: (client) => client.server(), answer: INFO },
  stopServer: {
    say: (client) => client.stopServer({ drainMs: 5 }),
    answer: { pid: 1, left: ['run-1'], waiting: [], openRequests: 0, drainMs: 0, cancel: false },
    isOnce: true,
  },
  createLoginLink: { say: (client) => client.createLoginLink(), answer: { code: 'c0de', url: null } },
  listDirectories: {
    say: (client) => client.directories('/ho'),
    answer: { directories: ['/home'] },
    gives: ['/home'],
  },
  showStats: { say: (client) => client.stats(), answer: { launched: 7 } },
  listModels: { say: (client) => client.models(), answer: { models: [] }, gives: [] },
  checkMachine: { say: (client) => client.doctor(), answer: { checks: [] }, gives: [] },
  listTokens: { say: (client) => client.tokens(), answer: { tokens: [] }, gives: [] },
  createToken: {
    say: (client) => client.createToken({ name: 'ci', role: 'operator' }),
    answer: { id: 'token-1', secret: 'shh' },
  },
  removeToken: { say: (client) => client.removeToken('token-1') },
  listSeeds: { say: (client) => client.listSeeds(), answer: { seeds: [SEED] }, gives: [SEED] },
  addSeed: { say: (client) => client.addSeed({ id: 'work', apiKey: 'sk-1234567890' }), answer: SEED },
  undoSeed: { say: (client) => client.undoSeed('work', { to: 3 }), answer: SEED, isOnce: true },
  showSeedConfig: { say: (client) => client.seedConfig('work'), answer: SEED_CONFIG },
  setSeedConfig: {
    say: (client) => client.setSeedConfig('work', { config: '' }),
    answer: { ...SEED_CONFIG, dropped: [] },
  },
  listSeedLogins: { say: (client) => client.seedLogins(), answer: { logins: [LOGIN] }, gives: [LOGIN] },
  startSeedLogin: { say: (client) => client.startSeedLogin({ id: 'work' }), answer: LOGIN },
  showSeedLogin: { say: (client) => client.seedLogin('login-1', { seen: 'starting' }), answer: LOGIN },
  cancelSeedLogin: { say: (client) => client.cancelSeedLogin('login-1'), answer: LOGIN },
  verifySeed: {
    say: (client) => client.verifySeed('work', { refresh: 'always' }),
    answer: { verdict: 'alive', reason: null, isRefreshed: true, seed: SEED },
    isOnce: true,
  },
  removeSeed: { say: (client) => client.removeSeed('work', { force: true }) },
};
