// From the prompt to the first text: runCodexSession, with all that it prepares, against a bare spawn of the same
// binary, a handshake and a turn. All begin with a fresh home and talk to the same scripted model. A session copies the
// empty databases that codex otherwise makes at its first start into its home, as a part of what it does to be quick. So
// there are two references: one whose home is empty, and one whose home has the same copy before its time begins.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findCodexBinary } from '../src/codex/binary.ts';
import { LocalHost } from '../src/hosts/local.ts';
import { RpcConnection } from '../src/rpc/connection.ts';
import { LineTransport } from '../src/rpc/lines.ts';
import { createCodexTask } from '../src/session/task.ts';
import { MemoryRun } from '../src/task/memory.ts';
import { ScriptedModel } from '../src/testing/model.ts';
import { alternate, median, printRatio } from './measure.ts';

const ROUNDS = 15;
const root = mkdtempSync('/var/tmp/optio-codex-bench-');
const model = await ScriptedModel.start();
const { path: binary } = findCodexBinary();
const data = join(root, 'data');
let count = 0;

/** Milliseconds to the first delta in the journal of a managed run. */
async function managed(): Promise<number> {
  const runId = `run-${count++}`;
  const directories = { data, run: join(data, 'runs', runId), workspaces: join(root, 'workspaces') };
  const run = new MemoryRun({ runId, host: new LocalHost({ home: root }), directories });
  const start = performance.now();
  const config = {
    instructions: '!say hello',
    autoStart: true,
    endRule: 'firstTurn',
    workspace: { fresh: true },
    provider: { baseUrl: model.url },
    model: 'scripted',
  } as const;
  const outcome = run.execute(createCodexTask({ id: 'bench', name: 'bench', config }));
  let first = 0;
  for await (const event of run.events()) {
    if (event.type === 'item.delta' && first === 0) first = performance.now() - start;
  }
  const { status, error } = await outcome;
  if (status !== 'done') throw new Error(`the managed run failed: ${error?.message}`);
  return first;
}

/** Milliseconds to the first delta of a bare app-server in an empty home. */
function bare(): Promise<number> {
  return bareIn(join(root, `bare-${count++}`));
}

/** The same in a home with the databases that a session has made before. */
function bareInPreparedHome(): Promise<number> {
  const home = join(root, `bare-${count++}`);
  const [template = ''] = readdirSync(join(data, 'templates'));
  cpSync(join(data, 'templates', template), home, { recursive: true });
  return bareIn(home);
}

async function bareIn(home: string): Promise<number> {
  const workspace = join(home, 'workspace');
  const start = performance.now();
  mkdirSync(workspace, { recursive: true });
  const provider = `[model_providers.mock]\nname = "mock"\nbase_url = "${model.url}"\nwire_api = "responses"\n`;
  writeFileSync(join(home, 'config.toml'), `model = "scripted"\nmodel_provider = "mock"\n${provider}`);
  const env = { PATH: process.env.PATH ?? '', HOME: home, CODEX_HOME: home };
  const codex = spawn(binary, ['app-server'], { env, cwd: home, stdio: ['pipe', 'pipe', 'ignore'] });
  const delta = Promise.withResolvers<number>();
  const rpc = new RpcConnection(new LineTransport({ input: codex.stdout, output: codex.stdin }), {
    onNotification: (method) => method === 'item/agentMessage/delta' && delta.resolve(performance.now() - start),
    onClose: (reason) => delta.reject(reason),
  });
  rpc.start();
  await rpc.call('initialize', { clientInfo: { name: 'bench', title: 'bench', version: '1' } });
  await rpc.notify('initialized');
  const { thread } = (await rpc.call('thread/start', { cwd: workspace, approvalPolicy: 'never' })) as {
    thread: { id: string };
  };
  const input = [{ type: 'text', text: '!say hello', text_elements: [] }];
  await rpc.call('turn/start', { threadId: thread.id, input });
  const first = await delta.promise;
  const exited = new Promise((resolve) => codex.once('exit', resolve));
  codex.stdin.end();
  await exited;
  return first;
}

try {
  const measured = await alternate(ROUNDS, { managed, bare, bareInPreparedHome });
  const told = (values: number[]) =>
    `${Math.round(median(values))} ms (${Math.round(Math.min(...values))}–${Math.round(Math.max(...values))})`;
  process.stdout.write(
    `runCodexSession: ${told(measured.managed)}\nbare app-server in an empty home: ${told(measured.bare)}\n` +
      `bare app-server in a prepared home: ${told(measured.bareInPreparedHome)}\n`,
  );
  printRatio('start', median(measured.managed) / median(measured.bare));
  printRatio('start-prepared-home', median(measured.managed) / median(measured.bareInPreparedHome));
} finally {
  await model.close();
  rmSync(root, { recursive: true, force: true });
}
