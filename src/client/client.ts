import type { DemoOptions, LaunchOptions, OptioApi, RunOptions, WatchOptions } from '../contract/api.ts';
import type { CreateOptions } from '../contract/create-options.ts';
import type { Check } from '../contract/doctor.ts';
import type { BlockFilter, BlockOptions, GroupCancel, GroupFilter, LaunchBlock } from '../contract/group.ts';
import type { ModelInfo } from '../contract/model-info.ts';
import type { RouteResult } from '../contract/route.ts';
import { ROUTES, type Routes } from '../contract/routes.ts';
import type { RunHandle } from '../contract/run-handle.ts';
import { filterToAddress, type RunFilter, type RunPage, type RunQuery } from '../contract/run-query.ts';
import type { RunSpec } from '../contract/run-spec.ts';
import type { OpenRequest } from '../contract/run-summary.ts';
import type { RunUpdate } from '../contract/run-update.ts';
import type { ScheduleStatus } from '../contract/schedule.ts';
import type { FoundPage, SearchQuery } from '../contract/search.ts';
import type {
  NewSeed,
  RemoveSeedOptions,
  SeedSummary,
  SeedVerification,
  UndoSeed,
  VerifySeed,
} from '../contract/seed.ts';
import { LOGIN_WAIT_MS, type NewSeedLogin, type SeedLogin, type SeedLoginQuery } from '../contract/seed-login.ts';
import type { NewSeedConfig, SavedSeedConfig, SeedConfig } from '../contract/seed-settings.ts';
import type { LoginLink, ServerInfo, StopReport, StopServer } from '../contract/server-info.ts';
import type { Stats } from '../contract/stats.ts';
import type { TaskDefinition, TaskDetails, TaskSummary } from '../contract/task-definition.ts';
import type { CreatedToken, NewToken, TokenInfo } from '../contract/token.ts';
import { fromUnknown } from '../errors.ts';
import { call } from './call.ts';
import { Connection, type ConnectOptions } from './connection.ts';
import { launchBody, runBody } from './launch-body.ts';
import { toRunHandle } from './run-handle.ts';
import { createToken } from './tokens.ts';
import { watchRuns } from './update-stream.ts';

/**
 * The API of a server. Nothing is sent before something is asked. Throws `invalid-input` for an address or a token that
 * could never work.
 */
export function connectTo(options: ConnectOptions): OptioClient {
  return new OptioClient(options);
}

/**
 * Every verb of optio-codex, over HTTP. What a verb throws in the process of the server it throws here, and besides
 * `server-unreachable`, `server-version`, `unauthorized`, `forbidden`, and `aborted` once the client is closed.
 */
export class OptioClient implements OptioApi {
  readonly #connection: Connection;

  constructor(options: ConnectOptions) {
    this.#connection = new Connection(options);
  }

  async run(spec: RunSpec, options: RunOptions = {}): Promise<RunHandle> {
    const body = { spec, options: runBody(options) };
    return this.#handle(await call(this.#connection, ROUTES.startRun, { body, key: options.idempotencyKey }));
  }

  async launch(taskId: string, options: LaunchOptions = {}): Promise<RunHandle> {
    const input = { params: { task: taskId }, body: launchBody(options), key: options.idempotencyKey };
    return this.#handle(await call(this.#connection, ROUTES.launchTask, input));
  }

  async find(run: string): Promise<RunHandle> {
    return this.#handle(await call(this.#connection, ROUTES.showRun, { params: { run } }));
  }

  /** The run with this id, which is known to be there: nothing is asked before something is done with it. */
  runOf(id: string): RunHandle {
    return this.#handle({ id });
  }

  list(query: RunQuery = {}): Promise<RunPage> {
    const { sort, limit, cursor } = query;
    const page = {
      ...(sort && { sort }),
      ...(limit !== undefined && { limit }),
      ...(cursor !== undefined && { cursor }),
    };
    return call(this.#connection, ROUTES.listRuns, { query: { ...filterToAddress(query), ...page } });
  }

  search({ text, limit, cursor, ...filter }: SearchQuery): Promise<FoundPage> {
    const page = { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) };
    return call(this.#connection, ROUTES.searchRuns, { query: { ...filterToAddress(filter), text, ...page } });
  }

  watch(filter?: RunFilter, options?: WatchOptions): AsyncIterable<RunUpdate> {
    return watchRuns(this.#connection, filter, options);
  }

  async requests(runId?: string): Promise<OpenRequest[]> {
    const { requests } = await (runId === undefined
      ? call(this.#connection, ROUTES.listRequests, {})
      : call(this.#connection, ROUTES.listRequestsOfRun, { params: { run: runId } }));
    return requests;
  }

  async cancelGroup({ metadata }: GroupFilter, options: GroupCancel): Promise<string[]> {
    const { runs } = await call(this.#connection, ROUTES.cancelRuns, { body: { metadata, ...options } });
    return runs;
  }

  async block(filter: BlockFilter, { idempotencyKey: key, ...options }: BlockOptions): Promise<LaunchBlock> {
    return this.#block(await call(this.#connection, ROUTES.addBlock, { body: { ...filter, ...options }, key }));
  }

  async blocks(): Promise<LaunchBlock[]> {
    const { blocks } = await call(this.#connection, ROUTES.listBlocks, {});
    return blocks.map((block) => this.#block(block));
  }

  addTask(definition: TaskDefinition): Promise<TaskDetails> {
    return call(this.#connection, ROUTES.putTask, { params: { task: definition.id }, body: definition });
  }

  async tasks(): Promise<TaskSummary[]> {
    const { tasks } = await call(this.#connection, ROUTES.listTasks, {});
    return tasks;
  }

  task(taskId: string): Promise<TaskDetails> {
    return call(this.#connection, ROUTES.showTask, { params: { task: taskId } });
  }

  removeTask(taskId: string): Promise<void> {
    return call(this.#connection, ROUTES.removeTask, { params: { task: taskId } });
  }

  pauseTask(taskId: string): Promise<void> {
    return call(this.#connection, ROUTES.pauseTask, { params: { task: taskId } });
  }

  resumeTask(taskId: string): Promise<void> {
    return call(this.#connection, ROUTES.resumeTask, { params: { task: taskId } });
  }

  async schedules(): Promise<ScheduleStatus[]> {
    const { schedules } = await call(this.#connection, ROUTES.listSchedules, {});
    return schedules;
  }

  async models(): Promise<ModelInfo[]> {
    const { models } = await call(this.#connection, ROUTES.listModels, {});
    return models;
  }

  stats(): Promise<Stats> {
    return call(this.#connection, ROUTES.showStats, {});
  }

  async doctor(): Promise<Check[]> {
    const { checks } = await call(this.#connection, ROUTES.checkMachine, {});
    return checks;
  }

  async tokens(): Promise<TokenInfo[]> {
    const { tokens } = await call(this.#connection, ROUTES.listTokens, {});
    return tokens;
  }

  createToken(token: NewToken, options: CreateOptions = {}): Promise<CreatedToken> {
    return createToken(this.#connection, token, options);
  }

  removeToken(id: string): Promise<void> {
    return call(this.#connection, ROUTES.removeToken, { params: { token: id } });
  }

  async listSeeds(): Promise<SeedSummary[]> {
    const { seeds } = await call(this.#connection, ROUTES.listSeeds, {});
    return seeds;
  }

  addSeed(seed: NewSeed): Promise<SeedSummary> {
    return call(this.#connection, ROUTES.addSeed, { params: { seed: seed.id }, body: seed });
  }

  undoSeed(seedId: string, options: UndoSeed = {}): Promise<SeedSummary> {
    return call(this.#connection, ROUTES.undoSeed, { params: { seed: seedId }, body: options });
  }

  seedConfig(seedId: string): Promise<SeedConfig> {
    return call(this.#connection, ROUTES.showSeedConfig, { params: { seed: seedId } });
  }

  setSeedConfig(seedId: string, config: NewSeedConfig): Promise<SavedSeedConfig> {
    return call(this.#connection, ROUTES.setSeedConfig, { params: { seed: seedId }, body: config });
  }

  verifySeed(seedId: string, options: VerifySeed = {}): Promise<SeedVerification> {
    return call(this.#connection, ROUTES.verifySeed, { params: { seed: seedId }, body: options });
  }

  removeSeed(seedId: string, { force = false }: RemoveSeedOptions = {}): Promise<void> {
    const query = force ? ({ force: 'true' } as const) : {};
    return call(this.#connection, ROUTES.removeSeed, { params: { seed: seedId }, query });
  }

  startSeedLogin(login: NewSeedLogin): Promise<SeedLogin> {
    return call(this.#connection, ROUTES.startSeedLogin, { body: login });
  }

  async seedLogins(): Promise<SeedLogin[]> {
    const { logins } = await call(this.#connection, ROUTES.listSeedLogins, {});
    return logins;
  }

  seedLogin(loginId: string, query: SeedLoginQuery = {}): Promise<SeedLogin> {
    const deadlineMs = LOGIN_WAIT_MS + this.#connection.silenceMs;
    return call(this.#connection, ROUTES.showSeedLogin, { params: { login: loginId }, query }, { deadlineMs });
  }

  cancelSeedLogin(loginId: string): Promise<SeedLogin> {
    return call(this.#connection, ROUTES.cancelSeedLogin, { params: { login: loginId } });
  }

  async demo({ idempotencyKey: key, ...body }: DemoOptions = {}): Promise<RunHandle> {
    return this.#handle(await call(this.#connection, ROUTES.startDemo, { body, key }));
  }

  /** Who answers, whatever its version, and as whom it sees this client. */
  server(): Promise<ServerInfo> {
    return call(this.#connection, ROUTES.showServer, {}, { anyVersion: true });
  }

  /**
   * A code that lets a browser in once, as the token of this client: open the address of the server with `#login=CODE`
   * behind it within an hour.
   */
  createLoginLink(): Promise<LoginLink> {
    return call(this.#connection, ROUTES.createLoginLink, {});
  }

  /** The directories on the machine of the server that begin with a path, from `/` or `~/` on: 100 at most. */
  async directories(path: string): Promise<string[]> {
    const { directories } = await call(this.#connection, ROUTES.listDirectories, { query: { path } });
    return directories;
  }

  /** Stops the server, whatever its version. What is under way lives on, unless told otherwise; the next server takes it up. */
  stopServer(options: StopServer = {}): Promise<StopReport> {
    // Tried again it might stop the next one.
    return call(this.#connection, ROUTES.stopServer, { body: options }, { anyVersion: true, patienceMs: 0 });
  }

  /** Lets go of the connection, whatever waits for it; the server and its runs go on. */
  async close(): Promise<void> {
    await this.#connection.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #handle({ id }: { readonly id: string }): RunHandle {
    return toRunHandle(this.#connection, id);
  }

  #block(block: RouteResult<Routes['addBlock']>): LaunchBlock {
    const release = async () => {
      try {
        await call(this.#connection, ROUTES.removeBlock, { params: { block: block.id } });
      } catch (thrown) {
        if (fromUnknown(thrown).code !== 'not-found') throw thrown; // it is lifted already
      }
    };
    const dispose = async () => {
      if (!block.isPersistent) await release();
    };
    return { ...block, release, [Symbol.asyncDispose]: dispose };
  }
}
