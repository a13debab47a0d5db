import { join } from 'node:path';
import { OptioError } from '../errors.ts';
import { isWithin } from '../hosts/paths.ts';
import type { RunContext } from '../task/context.ts';
import { planAccess } from './access.ts';
import { adoptUserConfig } from './adopt.ts';
import { refuseMissingImages } from './check-place.ts';
import { writeCodexConfig, writeModelCatalogue } from './codex-config.ts';
import { fillCodexHome } from './home-template.ts';
import { composeInstructions, MODEL_INSTRUCTIONS } from './instructions.ts';
import {
  CODEX_HOME,
  commandHomeOf,
  deferRemoval,
  deferSettlement,
  findOwn,
  type Prepared,
  type PrepareOptions,
} from './prepared.ts';
import { checkProvider } from './provider-check.ts';
import { layUnder } from './seed-settings.ts';
import { prepareWorkspace } from './workspace.ts';

/** Prepares a run on its host. What was made is given to `teardown` at once, so that a failure leaves nothing. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { context, config } = options;
  const { host, directories, runId, env } = context;
  const { home } = await host.describe();
  const userCodexHome = env.CODEX_HOME || join(home, '.codex');

  const dataDir = await makeDataDirectory(context);
  const found = await findOwn(options);
  const { binary, login } = found;
  await checkProvider(host, config.provider);
  const adopted = await adoptUserConfig(host, userCodexHome, config.useConfig ?? []);

  const codexHome = join(directories.run, CODEX_HOME);
  const commandHome = commandHomeOf(context);
  let filled = Promise.resolve();
  deferRemoval(options, commandHome, () => filled);
  await host.makeDirectory(codexHome); // the first that is made: who finds it without a checkpoint knows that we died
  const workspace = await prepareWorkspace(context, config);
  const settlement = deferSettlement(options, workspace);
  settlement.look();
  await refuseMissingImages(host, config.images ?? [], workspace.path);
  // It takes longest, so the rest is done meanwhile. Another binary than the pinned one fills its home by itself.
  if (!config.codexBinary) filled = fillCodexHome({ host, dataDir, binary }, codexHome);
  filled.catch(() => {});
  await Promise.all([
    host.makeDirectory(join(directories.run, 'home')),
    ...COMMAND_CACHES.map((name) => host.makeDirectory(join(commandHome, name))),
  ]);

  const realCommandHome = (await host.realPath(commandHome)) ?? commandHome;
  const access = await planAccess({
    host,
    config,
    home,
    dataDir,
    workspace: workspace.path,
    packageDir: (await host.realPath(binary.packageDir)) ?? binary.packageDir,
    ours: COMMAND_CACHES.map((name) => join(realCommandHome, name)),
    env,
  });
  const realCodexHome = (await host.realPath(codexHome)) ?? codexHome;
  const models = config.provider?.models;
  const catalogue = models && join(realCodexHome, 'models.json');
  if (catalogue) await host.writeFile(catalogue, writeModelCatalogue(models, MODEL_INSTRUCTIONS), { durable: false });
  const ours = writeCodexConfig({
    config,
    access,
    workspace: workspace.path,
    gitRoot: workspace.gitRoot,
    commandHome: realCommandHome,
    session: runId,
    packageDir: binary.packageDir,
    hasLogin: login.give !== undefined,
    catalogue,
    adopted,
  });
  const laid = layUnder(ours, config, login.settings);
  await host.writeFile(join(realCodexHome, 'config.toml'), laid.configText, { durable: false });
  const instructions = await composeInstructions({
    host,
    config,
    workspace: workspace.path,
    gitRoot: workspace.gitRoot,
  });
  await filled;
  return {
    ...found,
    workspace,
    settlement,
    instructions,
    codexHome: realCodexHome,
    commandHome: realCommandHome,
    access,
    ...laid,
  };
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
