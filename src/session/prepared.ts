import { join } from 'node:path';
import type { CodexBinary } from '../codex/binary.ts';
import type { WorkspaceReport } from '../contract/outcome.ts';
import { OptioError } from '../errors.ts';
import { allowedEnvironment } from '../hosts/environment.ts';
import type { RunContext } from '../task/context.ts';
import type { LentFile } from '../task/logins.ts';
import type { PlannedAccess } from './access.ts';
import { findManagedBinary } from './binary.ts';
import { borrowLogin, wantsSeed } from './borrowed-login.ts';
import type { SavedLogin, SessionConfig } from './config.ts';
import type { Instructions } from './instructions.ts';
import { findLogin, type SessionLogin } from './login.ts';
import { savedBeside } from './login-report.ts';
import { PlantedLogin, saveLeftLogin } from './planted-login.ts';
import { WorkspaceSettlement } from './settlement.ts';
import type { Teardown } from './teardown.ts';
import type { Workspace } from './workspace.ts';

/** What was made for a run, and is tidied up at its end. */
export interface Kept {
  readonly workspace: Workspace;
  readonly settlement: WorkspaceSettlement;
  readonly instructions: Instructions;
  readonly codexHome: string;
  readonly commandHome: string;
  readonly access: PlannedAccess;
  /** The config.toml as we wrote it, to be compared at the end. */
  readonly configText: string;
  /** With what of it begins that is of the lent seed. */
  readonly lentText: string;
  /** What we had written there before, for another seed; a process may have died before it was replaced. */
  readonly configBefore?: string | undefined;
}

/** Everything that has to be there before codex starts. */
export interface Prepared extends Kept {
  readonly binary: CodexBinary;
  readonly login: SessionLogin;
  /** The login where it lies in the home of codex. */
  readonly planted: PlantedLogin | undefined;
}

export interface PrepareOptions {
  readonly context: RunContext;
  readonly config: SessionConfig;
  /** Told of the login as soon as there is one, which is to be given back from then on. */
  readonly onLogin: (login: SessionLogin) => void;
  readonly teardown: Teardown;
  /** Told what became of the workspace, once it is settled. */
  readonly onSettled?: (report: WorkspaceReport) => Promise<void>;
}

/** What another process, or the attempt before, has left of a session. */
export interface CodexBefore {
  /** The saved login that it had. */
  readonly seed?: string | undefined;
  /** Its codex may live on. */
  readonly isLive?: boolean;
}

/** What a process finds by itself, whoever has prepared the run: the binary and the login. */
export async function findOwn(
  { context, config, onLogin }: Pick<PrepareOptions, 'context' | 'config' | 'onLogin'>,
  { seed, isLive = false }: CodexBefore = {},
): Promise<Pick<Prepared, 'binary' | 'login' | 'planted'>> {
  const { host, env } = context;
  const { home } = await host.describe();
  const binary = await findManagedBinary(host, config.codexBinary);
  if (wantsSeed(config)) refuseExposed(config, 'the login of the run (a saved one)');
  // What a codex that lives could read it may have read by now.
  if (!isLive && (await savedBeside(context)).length > 0) refuseExposed(config, 'the logins that are saved here');
  const userCodexHome = env.CODEX_HOME || join(home, '.codex');
  const login = wantsSeed(config)
    ? await borrowLogin(context, config, seed === undefined ? undefined : { id: seed, isLive })
    : await findLogin({ host, config, env, userCodexHome });
  onLogin(login);
  if (login.give) refuseExposed(config, `the login of the run (${login.label})`);
  return { binary, login, planted: login.file && plantedFor(context, config, login.file) };
}

/**
 * The environment of codex, besides CODEX_HOME. What the task names is for commands, and stands in the config.toml: here it
 * would reach what codex does outside of the sandbox, such as its git, and the way that its requests take to the model.
 */
export function codexEnvironment(
  { host, env, directories }: RunContext,
  config: SessionConfig,
): Readonly<Record<string, string>> {
  return {
    ...allowedEnvironment(env, config.scrubEnv),
    PATH: host.searchPath(env.PATH),
    HOME: join(directories.run, 'home'),
    RUST_LOG: 'error',
    // Codex runs `git status` in the workspace, outside of the sandbox, and that runs the filters of the repository. Its
    // own git finds none; commands, whose variables are listed one by one, do not get this one.
    GIT_DIR: '/dev/null',
  };
}

export function deferRemoval(
  { context, config, teardown }: PrepareOptions,
  commandHome: string,
  filled = async () => {},
): void {
  const { host, directories } = context;
  teardown.defer('remove the private directory of the run', async () => {
    await Promise.allSettled([filled()]);
    await saveLeft(context, config);
    await host.removeDirectory(directories.run);
  });
  teardown.defer('remove the home of the commands', () => host.removeDirectory(commandHome));
}

function plantedFor(context: RunContext, config: SessionConfig, lent: LentFile): PlantedLogin {
  const { host, directories } = context;
  const { seedId } = lent;
  return new PlantedLogin({
    host,
    directory: directories.run,
    lent,
    saveLeft: () => saveLeft(context, config),
    onSaved: (version) => tellSaved(context, config, { seedId, version }),
    onProblem: ({ message }) =>
      context.emit({ type: 'notice', level: 'warning', message: `the renewed login is not saved yet: ${message}` }),
    onUnreachable: () => context.emit({ type: 'notice', level: 'warning', message: UNREACHABLE }),
  });
}

/**
 * Saves the login that lies in the private directory of a run, as long as nothing else has, and tells its program. Throws where that has
 * to wait.
 */
export async function saveLeft(context: RunContext, config: SessionConfig): Promise<void> {
  const { host, directories, logins } = context;
  const saved = await saveLeftLogin(host, directories.run, logins, ({ message }) => {
    const told = `the login in the home of codex is not saved: ${message}`;
    context.emit({ type: 'notice', level: 'warning', message: told });
  });
  if (saved) tellSaved(context, config, saved);
}

/** Nobody waits for whoever is told. */
function tellSaved(
  { runId }: RunContext,
  { onSeedSaved }: SessionConfig,
  saved: Pick<SavedLogin, 'seedId' | 'version'>,
): void {
  void Promise.resolve({ runId, ...saved })
    .then(onSeedSaved)
    .catch(() => {}); // its faults are its own
}

export function deferSettlement(options: PrepareOptions, workspace: Workspace): WorkspaceSettlement {
  const { context, config, teardown } = options;
  teardown.defer('free the workspace', () => workspace.release());
  const settlement = new WorkspaceSettlement(context, workspace, titleOf(config.instructions));
  const settle = async () => {
    const report = await settlement.settle(); // whether somebody is told of it or not
    await options.onSettled?.(report);
  };
  teardown.defer(SETTLE, settle, 120_000);
  return settlement;
}

/** Where a run's CODEX_HOME is in its private directory. */
export const CODEX_HOME = 'codex';

export function commandHomeOf({ directories, runId }: Pick<RunContext, 'directories' | 'runId'>): string {
  return join(directories.workspaces, '.homes', runId);
}

/** What is said where codex asks for newer tokens at a port that somebody else has by now. */
const UNREACHABLE =
  'codex cannot have its login renewed: another program has the port at which it asks; it goes on for as long as its token lasts';

/** The step whose failure means that the work is not where the run promised it. */
export const SETTLE = 'settle the workspace';

/** The first line of a commit. */
function titleOf(instructions: string): string {
  const [line = ''] = instructions.trim().split('\n');
  return line.length > 72 ? `${line.slice(0, 71)}…` : line || 'Work of an agent';
}

function refuseExposed({ sandbox, exposeLogin }: SessionConfig, what: string): void {
  if (sandbox !== 'danger-full-access' || exposeLogin) return;
  throw new OptioError('invalid-config', `sandbox: with full access the agent can read ${what}`, {
    field: 'sandbox',
    remedy: 'Choose workspace-write; or insist with exposeLogin (--expose-login).',
  });
}
