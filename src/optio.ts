import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { scratchDirectory } from './changes/end.ts';
import { traceToFile } from './codex/trace.ts';
import { makeDataDirectory } from './config/data-directory.ts';
import { type ConfigOptions, type OptioConfig, readConfig } from './config.ts';
import type { CloseOptions, DemoOptions, LaunchOptions, OptioApi, RunOptions, WatchOptions } from './contract/api.ts';
import type { CreateOptions } from './contract/create-options.ts';
import type { Check } from './contract/doctor.ts';
import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from './contract/group.ts';
import type { ModelInfo } from './contract/model-info.ts';
import { quickName } from './contract/quick-name.ts';
import type { RunHandle } from './contract/run-handle.ts';
import type { RunFilter, RunPage, RunQuery } from './contract/run-query.ts';
import type { RunSpec } from './contract/run-spec.ts';
import type { OpenRequest } from './contract/run-summary.ts';
import type { RunUpdate } from './contract/run-update.ts';
import type { ScheduleStatus } from './contract/schedule.ts';
import type { FoundPage, SearchQuery } from './contract/search.ts';
import type {
  NewSeed,
  RemoveSeedOptions,
  SeedSummary,
  SeedVerification,
  UndoSeed,
  VerifySeed,
} from './contract/seed.ts';
import type { NewSeedLogin, SeedLogin, SeedLoginQuery } from './contract/seed-login.ts';
import type { NewSeedConfig, SavedSeedConfig, SeedConfig } from './contract/seed-settings.ts';
import type { Stats } from './contract/stats.ts';
import type { TaskDefinition, TaskDetails, TaskSummary } from './contract/task-definition.ts';
import type { CreatedToken, NewToken, TokenInfo } from './contract/token.ts';
import { DEMO_TAGS, Demo, isDemo } from './demo.ts';
import { Doctor } from './doctor.ts';
import { Engine } from './engine/engine.ts';
import { checkLimits, type Limits } from './engine/limits.ts';
import { toRunHandle } from './engine/run-handle.ts';
import { withHidden } from './engine/shown-definition.ts';
import { UNDER_WAY } from './engine/states.ts';
import { describeTask, summarizeTasks } from './engine/task-summary.ts';
import { Tokens } from './engine/tokens.ts';
import { OptioError } from './errors.ts';
import type { Host } from './hosts/host.ts';
import { LocalHost } from './hosts/local.ts';
import { Broker } from './seeds/broker.ts';
import { Keeper } from './seeds/keeper.ts';
import { KEY_VARIABLE, type SeedKeySource } from './seeds/keys.ts';
import { SeedLogins } from './seeds/logins.ts';
import type { RefreshStep } from './seeds/refreshes.ts';
import { Seeds } from './seeds/seeds.ts';
import { verifyAndRefreshSeed } from './seeds/verification.ts';
import { warnOfGivenUp } from './session/given-up.ts';
import { sweepLeftovers } from './session/leftovers.ts';
import { OfferedModels } from './session/offered-models.ts';
import { saveLeftLogin } from './session/planted-login.ts';
import { RunLogins } from './session/run-logins.ts';
import { type CodexTaskOptions, createCodexTask, createDefinedTask } from './session/task.ts';
import { openSqliteStore } from './store/sqlite.ts';
import type { LaunchKey, RunRecord, Store } from './store/store.ts';
import type { Task } from './task/task.ts';

export interface OptioOptions extends ConfigOptions {
  /** Where runs run; this machine unless told otherwise. */
  readonly host?: Host;
  /** How many runs may be under way at a time (as many as there are). */
  readonly limits?: Limits;
  /** A server is made of it: those who find the data directory in use wait for that to answer, or to end (false). */
  readonly isServer?: boolean;
  /** The key with which seeds are encrypted, 32 bytes (that of the environment, or one that is made in the data directory). */
  readonly seedKey?: SeedKeySource;
  /** Told of each step of a refresh of a saved login: what must survive a death of this process there is tested so. */
  readonly onRefreshStep?: (step: RefreshStep) => void;
}

/** Where it is, and what it was told of that. */
interface Place {
  readonly config: OptioConfig;
  readonly host: Host;
  readonly seeds: Seeds;
  readonly logins: SeedLogins;
  /** What lends them to runs. */
  readonly broker: Broker;
  readonly borrowed: RunLogins;
}

/** The task of runs that are launched without one being defined. */
const QUICK = 'run';

/** How long the end of a demo is waited for where everything else is left, in milliseconds. */
const END_DEMO_MS = 10_000;

/**
 * All of optio-codex in this process. What it launches outlives it: the next one that opens the same data directory takes
 * up what has not ended.
 */
export class Optio implements OptioApi {
  /** The saved logins. */
  readonly seeds: Seeds;
  readonly #store: Store;
  readonly #engine: Engine;
  readonly #tokens: Tokens;
  readonly #models: OfferedModels;
  readonly #doctor: Doctor;
  readonly #broker: Broker;
  readonly #logins: SeedLogins;
  readonly #borrowed: RunLogins;
  readonly #keeper: Keeper | undefined;
  #closed: Promise<void> | undefined;

  private constructor(store: Store, engine: Engine, { config, host, seeds, logins, broker, borrowed }: Place) {
    this.seeds = seeds;
    this.#logins = logins;
    this.#store = store;
    this.#engine = engine;
    this.#tokens = new Tokens(store.tokens);
    this.#models = new OfferedModels({ host, runs: runsIn(config), env: config.env });
    this.#doctor = new Doctor({ config, host });
    this.#broker = broker;
    this.#borrowed = borrowed;
    if (config.settings['seeds.keep'] ?? true) this.#keeper = new Keeper(seeds);
  }

  /**
   * Opens the data directory, which one process has at a time, and takes up the runs that a process before us has left.
   * Throws `invalid-config`, `data-directory-busy`, `store-version`, `store-full`, `store-failed`.
   */
  static async open(options: OptioOptions = {}): Promise<Optio> {
    const said = readConfig(options);
    // Nothing that we start, and no task, gets the key.
    const { [KEY_VARIABLE]: seedKey, ...env } = said.env;
    const config = { ...said, env };
    checkLimits(options.limits);
    const host = options.host ?? localHost(config);
    makeDataDirectory(config.dataDir);
    const { isServer = false } = options;
    const store = await openSqliteStore(config.dataDir, { isServer });
    const key = {
      env: { [KEY_VARIABLE]: seedKey },
      file: join(config.dataDir, 'seed.key'),
      ...(options.seedKey && { source: options.seedKey }),
    };
    const { onRefreshStep: onStep } = options;
    const seeds = new Seeds({ store, key, provider: { env, ...(onStep && { onStep }) } });
    const broker = new Broker(seeds);
    const borrowed = new RunLogins({ broker, host, runs: runsIn(config), clock: seeds.clock });
    let engine: Engine | undefined;
    try {
      const directories = { data: config.dataDir, workspaces: config.workspacesDir };
      const left = await store.runs.list({ states: ['scheduled', ...UNDER_WAY] });
      const isKept = (runId: string) => left.some(({ id }) => id === runId);
      await sweepLeftovers({
        host,
        directories,
        runs: runsIn(config),
        isKept,
        loginsOf: (runId) => borrowed.of(runId),
      });
      await borrowed.hold(left);
      await host.removeDirectory(scratchDirectory(config.dataDir)); // whoever was at work there has died
      engine = await Engine.open({
        store,
        host,
        directories,
        env: config.env,
        trace: config.traceFile ? traceToFile(config.traceFile) : undefined,
        problemOfRetry: (run) => (isDemo(run) ? 'the model of this demo is gone' : null),
        saveLeftLogin: async (runId) => {
          const warn = (error: OptioError) => warnOfGivenUp(runId, error);
          await saveLeftLogin(host, join(runsIn(config), runId), borrowed.of(runId), warn);
        },
        loginsOf: (runId, parentId) => borrowed.of(runId, parentId),
        revive: (definition) => createCodexTask(definition as CodexTaskOptions),
        ...(options.limits && { limits: options.limits }),
      });
      if (left.some(isDemo))
        await engine.groups.cancel({ metadata: DEMO_TAGS }, { reason: 'the model of this demo is gone' });
      const logins = new SeedLogins({ host, seeds, dataDir: config.dataDir, env: config.env });
      await logins.takeUp();
      await seeds.sweep();
      return new Optio(store, engine, { config, host, seeds, logins, broker, borrowed });
    } catch (error) {
      await engine?.close({ leave: true }).catch(() => {}); // why it could not be opened says more
      await borrowed.close();
      await broker.close();
      await seeds.closeShared();
      await store.close();
      throw error;
    }
  }

  /**
   * Makes a task known, of Codex or of one's own; on disk when it resolves. One of the same id takes its place. A Codex task
   * is known in the next process too, one of one's own has to be defined there again. Throws `invalid-config`.
   */
  async define(task: Task): Promise<void> {
    if (task.id !== QUICK) return this.#engine.tasks.define(task);
    throw new OptioError('invalid-config', `id: "${QUICK}" is the task of runs without one`, {
      field: 'id',
      remedy: 'Choose another id.',
    });
  }

  /** Begins by itself and ends with its first turn, unless the spec says otherwise. */
  async run(spec: RunSpec, options: RunOptions = {}): Promise<RunHandle> {
    return this.#handle((await this.#run(spec, options)).id);
  }

  #run(spec: RunSpec, options: RunOptions, launchKey?: LaunchKey): Promise<RunRecord> {
    const { rules, requests, retry, ttlMs, ...launch } = options;
    const task = createCodexTask({
      id: QUICK,
      name: quickName(spec.instructions),
      config: { autoStart: true, endRule: 'firstTurn', ...spec },
      ...(rules && { rules }),
      ...(requests && { requests }),
      ...(retry && { retry }),
      ...(ttlMs !== undefined && { ttlMs }),
    });
    withHidden({ config: spec, requests }, null); // what was copied from a run that is shown lacks something
    return this.#engine.launchOwn(task, launch, launchKey);
  }

  async launch(taskId: string, options: LaunchOptions = {}): Promise<RunHandle> {
    return this.#handle((await this.#engine.launch(taskId, options)).id);
  }

  async find(run: string): Promise<RunHandle> {
    return this.#handle(await this.#engine.lists.find(run));
  }

  list(query: RunQuery = {}): Promise<RunPage> {
    return this.#engine.lists.page(query);
  }

  search(query: SearchQuery): Promise<FoundPage> {
    return this.#engine.lists.search(query);
  }

  watch(filter: RunFilter = {}, options: WatchOptions = {}): AsyncIterable<RunUpdate> {
    return this.#engine.lists.watch(filter, options);
  }

  async addTask(definition: TaskDefinition): Promise<TaskDetails> {
    const { id } = createDefinedTask(definition); // which checks it
    const before = await this.#store.tasks.find(id);
    const task = createDefinedTask(withHidden(definition, before?.definition));
    await this.define(task);
    return this.task(task.id);
  }

  tasks(): Promise<TaskSummary[]> {
    return summarizeTasks(this.#store.tasks, this.#engine);
  }

  task(taskId: string): Promise<TaskDetails> {
    return describeTask(this.#store.tasks, this.#engine, taskId);
  }

  models(): Promise<ModelInfo[]> {
    return this.#models.list();
  }

  stats(): Promise<Stats> {
    return this.#engine.stats();
  }

  doctor(): Promise<Check[]> {
    return this.#doctor.examine();
  }

  tokens(): Promise<TokenInfo[]> {
    return this.#tokens.list();
  }

  createToken(token: NewToken, options?: CreateOptions): Promise<CreatedToken> {
    return this.#tokens.create(token, options);
  }

  removeToken(id: string): Promise<void> {
    return this.#tokens.remove(id);
  }

  listSeeds(): Promise<SeedSummary[]> {
    return this.seeds.list();
  }

  async addSeed(seed: NewSeed): Promise<SeedSummary> {
    const added = await this.seeds.add(seed);
    await this.#logins.tidy();
    return added;
  }

  startSeedLogin(login: NewSeedLogin): Promise<SeedLogin> {
    return this.#logins.start(login);
  }

  async seedLogins(): Promise<SeedLogin[]> {
    return this.#logins.list();
  }

  seedLogin(loginId: string, query?: SeedLoginQuery): Promise<SeedLogin> {
    return this.#logins.find(loginId, query);
  }

  cancelSeedLogin(loginId: string): Promise<SeedLogin> {
    return this.#logins.cancel(loginId);
  }

  undoSeed(seedId: string, options?: UndoSeed): Promise<SeedSummary> {
    return this.seeds.undo(seedId, options);
  }

  seedConfig(seedId: string): Promise<SeedConfig> {
    return this.seeds.config(seedId);
  }

  setSeedConfig(seedId: string, config: NewSeedConfig): Promise<SavedSeedConfig> {
    return this.seeds.configure(seedId, config);
  }

  verifySeed(seedId: string, options?: VerifySeed): Promise<SeedVerification> {
    return verifyAndRefreshSeed(this.seeds, { ...options, seedId });
  }

  removeSeed(seedId: string, options?: RemoveSeedOptions): Promise<void> {
    return this.seeds.purge(seedId, options);
  }

  /** Whose secret this is, and what that lets do; undefined when it lets nobody in. */
  authenticate(secret: string): Promise<Pick<TokenInfo, 'name' | 'role'> | undefined> {
    return this.#tokens.authenticate(secret);
  }

  requests(run?: string): Promise<OpenRequest[]> {
    return this.#engine.lists.requests(run);
  }

  async demo(options: DemoOptions = {}): Promise<RunHandle> {
    const { idempotencyKey, ...demo } = options;
    const run = await this.#engine.once(idempotencyKey, { demo }, (launchKey) => this.#demo(demo, launchKey));
    return this.#handle(run.id);
  }

  async #demo(options: DemoOptions, launchKey: LaunchKey | undefined): Promise<RunRecord> {
    const demo = await Demo.start(options);
    try {
      const run = await this.#run(demo.spec, { metadata: DEMO_TAGS }, launchKey);
      const close = () => demo.close();
      void this.#engine.runs.outcome(run.id).then(close, close);
      return run;
    } catch (error) {
      await demo.close(); // nobody else knows of it
      throw error;
    }
  }

  /** Forgets a task and keeps its runs. Throws `not-found`, and `task-busy` while runs of it have not ended. */
  removeTask(taskId: string): Promise<void> {
    return this.#engine.tasks.remove(taskId);
  }

  /** Launches nothing of a task, also over restarts, until it is resumed; its runs go on. Throws `not-found`. */
  pauseTask(taskId: string): Promise<void> {
    return this.#engine.tasks.pause(taskId);
  }

  /** Lets a task be launched again, and its schedule hold from now on. Throws `not-found`. */
  resumeTask(taskId: string): Promise<void> {
    return this.#engine.tasks.resume(taskId);
  }

  /** Where the schedules stand. */
  schedules(): Promise<ScheduleStatus[]> {
    return this.#engine.tasks.schedules();
  }

  /** Gives the order to stop to all runs with these tags; see `Groups.cancel`. Resolves with their ids. */
  cancelGroup(filter: GroupFilter, options: GroupCancel): Promise<string[]> {
    return this.#engine.groups.cancel(filter, options);
  }

  /** Refuses launches of runs with these tags, or of all, until it is released. */
  block(filter: BlockFilter, options: BlockOptions): Promise<LaunchBlock> {
    return this.#engine.groups.block(filter, options);
  }

  /** The blocks that hold, also those that a process before us has made. */
  async blocks(): Promise<LaunchBlock[]> {
    return this.#engine.groups.blocks();
  }

  /** It closes once, and the first call says how. A later one that says it too leaves less time, or cancels; any other only waits. */
  close(options?: CloseOptions): Promise<void> {
    if (this.#closed && options) void this.#engine.close(options).catch(() => {}); // the first call throws it
    this.#closed ??= this.#close(options);
    return this.#closed;
  }

  async #close(options: CloseOptions | undefined): Promise<void> {
    const asked = Promise.all([
      this.#models.close(),
      this.#doctor.close(),
      this.seeds.close(),
      this.#logins.close(),
      this.#keeper?.close(),
    ]);
    try {
      if (options?.leave && !options.drainMs) await this.#endDemos();
      await this.#engine.close(options);
    } finally {
      await asked;
      await this.#borrowed.close();
      await this.#broker.close();
      await this.seeds.closeShared(); // runs have given back what they had
      await this.#store.close();
    }
  }

  /** Their model ends with this process: nobody could go on with them. */
  async #endDemos(): Promise<void> {
    const order = { reason: 'the model of this demo ends with its server' };
    const ids = await this.#engine.groups.cancel({ metadata: DEMO_TAGS }, order).catch(() => []);
    const ended = Promise.allSettled(ids.map((id) => this.#engine.runs.outcome(id)));
    await Promise.race([ended, delay(END_DEMO_MS, undefined, { ref: false })]); // the next server ends what is slower
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #handle(runId: string): RunHandle {
    return toRunHandle(this.#engine, runId);
  }
}

/** Where the private directories of runs are. */
function runsIn({ dataDir }: OptioConfig): string {
  return join(dataDir, 'runs');
}

/** This machine, with the home that the configuration says. */
export function localHost({ env }: OptioConfig): Host {
  return new LocalHost(env.HOME ? { home: env.HOME } : {});
}
