import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { stopRunning } from '../../../src/compose/running.ts';
import { ScriptedModel, type ScriptedModelOptions } from '../../../src/testing/model.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';

const MAIN = join(import.meta.dirname, '..', '..', '..', 'src', 'cli', 'main.ts');

/** A server in a process of its own, as a person starts it, with a home, a workspace and a scripted model. */
export interface ServedPlace {
  readonly url: string;
  readonly token: string;
  readonly home: string;
  readonly workspace: string;
  readonly model: ScriptedModel;
  /** Kills the server, and starts another one at the same address. */
  restart(): Promise<void>;
}

/** Gives a program a machine of another name to run on, which is this one in all else. */
const AS_MACHINE = 'echo "$0" > /proc/sys/kernel/hostname && exec "$@"';
const UNSHARE = ['unshare', ...(process.getuid?.() === 0 ? [] : ['--map-root-user']), '--uts'];

/** Why no machine of another name can be had here; undefined when one can. */
export function whyNoOtherMachine(): string | undefined {
  const { status, error, stderr } = spawnSync('sh', ['-c', `${UNSHARE.join(' ')} sh -c '${AS_MACHINE}' other true`]);
  return status === 0 ? undefined : `no machine of another name can be had here: ${error?.message ?? stderr}`;
}

/**
 * Starts one, with more flags, and stops it with all that it runs when the test is over; on a machine of another name, where one is
 * given. `more`: variables that it has besides.
 */
export async function servePlace(
  script: ScriptedModelOptions['script'],
  flags: readonly string[] = [],
  machine?: string,
  more: Readonly<Record<string, string>> = {},
): Promise<ServedPlace> {
  const root = testDirectory('served');
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  for (const directory of [home, workspace]) mkdirSync(directory);
  const model = await ScriptedModel.start(script ? { script } : {});
  onTestFinished(() => model.close());
  const dataDir = join(home, '.local', 'share', 'optio-codex');
  const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home, ...more };
  const start = (port: string) => {
    const argv = [process.execPath, MAIN, 'serve', '--port', port, '--log-level', 'silent', '--json', ...flags];
    return startServing(machine === undefined ? argv : [...UNSHARE, 'sh', '-c', AS_MACHINE, machine, ...argv], env);
  };
  let serving = start('0');
  onTestFinished(async () => {
    if (existsSync(dataDir)) await stopRunning(dataDir, { cancel: true }).catch(() => {});
    await serving.kill();
  });
  const url = await serving.address;
  const restart = async () => {
    await serving.kill();
    serving = start(new URL(url).port);
    expect(await serving.address).toBe(url);
  };
  return { url, token: readFileSync(join(dataDir, 'token'), 'utf8').trim(), home, workspace, model, restart };
}

/** A server in a process of its own, which says its address once it answers. */
function startServing([program = '', ...argv]: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(program, argv, { env });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let [said, complaints] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const hasSaid = until(() => {
    if (child.exitCode !== null) throw new Error(`the server has ended: ${complaints}`);
    return said.includes('\n');
  }, 'the address of the server');
  const address = hasSaid.then(() => (JSON.parse(said) as { readonly address: string }).address);
  address.catch(() => {}); // it is killed first, maybe
  return {
    address,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
