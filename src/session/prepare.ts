import { join } from 'node:path';
import type { CodexBinary } from '../codex/binary.ts';
import { OptioError } from '../errors.ts';
import { allowedEnvironment } from '../hosts/environment.ts';
import type { Host } from '../hosts/host.ts';
import { isWithin } from '../hosts/paths.ts';
import type { RunContext } from '../task/context.ts';
import { type PlannedAccess, planAccess } from './access.ts';
import { adoptUserConfig } from './adopt.ts';
import { findManagedBinary } from './binary.ts';
import { writeCodexConfig, writeModelCatalogue } from './codex-config.ts';
import type { SessionConfig } from './config.ts';
import { fillCodexHome } from './home-template.ts';
import { composeInstructions, type Instructions, MODEL_INSTRUCTIONS } from './instructions.ts';
import { findLogin, type SessionLogin } from './login.ts';
import { checkProvider } from './provider-check.ts';
import { CODEX_HOME, writeRecord } from './record.ts';
import { WorkspaceSettlement } from './settlement.ts';
import type { Teardown } from './teardown.ts';
import { prepareWorkspace, type Workspace } from './workspace.ts';

/** Everything that has to be there before codex starts. */
export interface Prepared {
  readonly binary: CodexBinary;
  readonly workspace: Workspace;
  readonly settlement: WorkspaceSettlement;
  readonly login: SessionLogin;
  readonly instructions: Instructions;
  readonly codexHome: string;
  readonly commandHome: string;
  readonly access: PlannedAccess;
  /** The config.toml as we wrote it, to be compared at the end. */
  readonly configText: string;
  /** The environment of codex, besides CODEX_HOME. */
  readonly env: Readonly<Record<string, string>>;
}

export interface PrepareOptions {
  readonly context: RunContext;
  readonly config: SessionConfig;
  readonly teardown: Teardown;
}

/** Prepares a run on its host. What was made is given to `teardown` at once, so that a failure leaves nothing. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { context, config, teardown } = options;
  const { host, directories, runId, env } = context;
  const { home } = await host.describe();
  const userCodexHome = env.CODEX_HOME || join(home, '.codex');

  const dataDir = await makeDataDirectory(context);
  const binary = await findManagedBinary(host, config.codexBinary);
  const login = await findLogin({ host, config, env, userCodexHome });
  refuseExposedLogin(config, login);
  await checkProvider(host, config.provider);
  await refuseMissingImages(host, config.images ?? []);
  const adopted = await adoptUserConfig(host, userCodexHome, config.useConfig ?? []);

  const workspace = await prepareWorkspace(context, config);
  teardown.defer('free the workspace', () => workspace.release());
  const settlement = new WorkspaceSettlement(context, workspace, titleOf(config.instructions));
  teardown.defer(SETTLE, () => settlement.settle(), 120_000);

  const codexHome = join(directories.run, CODEX_HOME);
  const commandHome = join(directories.workspaces, '.homes', runId);
  await host.makeDirectory(codexHome);
  // It takes longest, so the rest is done meanwhile. Another binary than the pinned one fills its home by itself.
  const filled = config.codexBinary ? Promise.resolve() : fillCodexHome({ host, dataDir, binary }, codexHome);
  filled.catch(() => {});
  teardown.defer('remove the private directory of the run', async () => {
    await Promise.allSettled([filled]);
    await host.removeDirectory(directories.run);
  });
  teardown.defer('remove the home of the commands', () => host.removeDirectory(commandHome));
  await Promise.all([
    host.makeDirectory(join(directories.run, 'home')),
    ...COMMAND_CACHES.map((name) => host.makeDirectory(join(commandHome, name))),
    writeRecord(host, directories.run, { runId, codex: null, directories: [commandHome] }),
  ]);

  const realCommandHome = (await host.realPath(commandHome)) ?? commandHome;
  const access = await planAccess({
    host,
    config,
    home,
    dataDir,
    workspace: workspace.path,
    ours: COMMAND_CACHES.map((name) => join(realCommandHome, name)),
    env,
  });
  const realCodexHome = (await host.realPath(codexHome)) ?? codexHome;
  const models = config.provider?.models;
  const catalogue = models && join(realCodexHome, 'models.json');
  if (catalogue) await host.writeFile(catalogue, writeModelCatalogue(models, MODEL_INSTRUCTIONS), { durable: false });
  const configText = writeCodexConfig({
    config,
    access,
    workspace: workspace.path,
    gitRoot: workspace.gitRoot,
    commandHome: realCommandHome,
    session: runId,
    packageDir: binary.packageDir,
    hasLogin: login.login !== undefined,
    catalogue,
    adopted,
  });
  await host.writeFile(join(realCodexHome, 'config.toml'), configText, { durable: false });
  const instructions = await composeInstructions({
    host,
    config,
    workspace: workspace.path,
    gitRoot: workspace.gitRoot,
  });
  await filled;
  return {
    binary,
    workspace,
    settlement,
    login,
    instructions,
    codexHome: realCodexHome,
    commandHome: realCommandHome,
    access,
    configText,
    env: {
      ...allowedEnvironment(env, config.scrubEnv),
      ...config.env,
      HOME: join(directories.run, 'home'),
      RUST_LOG: 'error',
    },
  };
}

/** The step whose failure means that the work is not where the run promised it. */
export const SETTLE = 'settle the workspace';

/** The first line of a commit. */
function titleOf(instructions: string): string {
  const [line = ''] = instructions.trim().split('\n');
  return line.length > 72 ? `${line.slice(0, 71)}…` : line || 'Work of an agent';
}

/** What tools want to write in a home; the rest of it is read-only, so that no start-up file can be planted there. */
const COMMAND_CACHES = ['.cache', '.npm', '.tmp'];

async function makeDataDirectory({ host, directories }: RunContext): Promise<string> {
  const [dataDir, workspaces, temporary] = await Promise.all([
    host.resolveInside('/', directories.data),
    host.resolveInside('/', directories.workspaces),
    host.resolveInside('/', '/tmp'),
  ]);
  if (isWithin(temporary, dataDir)) {
    throw new OptioError(
      'path-refused',
      `the data directory ${dataDir} lies under /tmp, where every command may write`,
      {
        remedy: 'Name another with OPTIO_CODEX_HOME.',
      },
    );
  }
  if (isWithin(dataDir, workspaces)) {
    throw new OptioError(
      'path-refused',
      `the workspaces ${workspaces} lie within the data directory, which no command may read`,
      {
        remedy: 'Name another place with OPTIO_CODEX_WORKSPACES.',
      },
    );
  }
  await host.makeDirectory(dataDir);
  return dataDir;
}

/** Codex would tell the model that the picture cannot be read, and go on. */
async function refuseMissingImages(host: Host, images: readonly string[]): Promise<void> {
  for (const image of images) {
    if (await host.exists(image)) continue;
    throw new OptioError('invalid-config', `images: there is no ${image}`, {
      field: 'images',
      remedy: 'Check the path.',
    });
  }
}

function refuseExposedLogin(config: SessionConfig, login: SessionLogin): void {
  if (config.sandbox !== 'danger-full-access' || !login.login || config.exposeLogin) return;
  throw new OptioError(
    'invalid-config',
    `sandbox: with full access the agent can read the login of the run (${login.label})`,
    {
      field: 'sandbox',
      remedy: 'Choose workspace-write; or insist with exposeLogin (--expose-login).',
    },
  );
}
