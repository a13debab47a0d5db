// What the engine, the journal and a reader of it add to the time from a message to the first text of the agent: a turn
// of a run that stays open, against the same turn of a bare client. Each has a codex of its own, the same binary with the
// same configuration, in a thread that is as long as the other; the model is in another process.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findCodexBinary } from '../src/codex/binary.ts';
import type { RunEvent } from '../src/contract/event.ts';
import { Optio } from '../src/optio.ts';
import { BareClient } from './bare-client.ts';
import { alternate, percentile, printRatio } from './measure.ts';
import { startModel } from './model.ts';

const TURNS = 100;
/** A turn that begins with text, and one in which the model thinks before, in pieces. */
const MESSAGES = { text: '!say hello', thought: `!think ${'a thought '.repeat(20)}\n!say hello` };

/** Sends a message, and gives the milliseconds until the first text of the agent is there, once its turn has ended. */
type Turn = (message: string) => Promise<number>;

const root = mkdtempSync('/var/tmp/optio-codex-bench-');
const [data, home, workspace] = ['data', 'home', 'workspace'].map((name) => join(root, name)) as [
  string,
  string,
  string,
];
for (const directory of [home, workspace]) mkdirSync(directory);
const PATH = process.env.PATH ?? '';

/** A managed run that takes messages until it is told that it is over. */
async function openRun(optio: Optio, modelUrl: string) {
  const handle = await optio.run({
    instructions: 'nothing by itself',
    autoStart: false,
    endRule: 'told',
    workspace: { directory: workspace },
    provider: { baseUrl: modelUrl },
    model: 'scripted',
  });
  const watched = { text: Promise.withResolvers<number>(), end: Promise.withResolvers<void>() };
  const see = (event: RunEvent) => {
    if (event.type === 'item.delta' && event.part === 'text') watched.text.resolve(performance.now());
    if (event.type === 'turn.ended') watched.end.resolve();
  };
  const read = (async () => {
    for await (const event of handle.events()) see(event);
  })();
  const turn: Turn = async (message) => {
    Object.assign(watched, { text: Promise.withResolvers(), end: Promise.withResolvers() });
    const start = performance.now();
    await handle.send(message);
    const first = await watched.text.promise;
    await watched.end.promise;
    return first - start;
  };
  const close = async () => {
    await handle.finish();
    await read;
  };
  return { id: handle.id, turn, close };
}

/** A codex with the configuration of that run, and a bare client of it. */
async function openBare(runId: string) {
  const codexHome = join(root, 'codex');
  const [template = ''] = readdirSync(join(data, 'templates'));
  cpSync(join(data, 'templates', template), codexHome, { recursive: true });
  copyFileSync(join(data, 'runs', runId, 'codex', 'config.toml'), join(codexHome, 'config.toml'));
  const socket = join(codexHome, 'app-server.sock');
  const codex = spawn(findCodexBinary().path, ['app-server', '--listen', `unix://${socket}`], {
    env: { PATH, HOME: home, CODEX_HOME: codexHome, RUST_LOG: 'error' },
    cwd: home,
    stdio: 'ignore',
  });
  const client = await BareClient.connect(socket);
  const settings = { cwd: workspace, approvalPolicy: 'never', model: 'scripted', experimentalRawEvents: true };
  const { thread } = (await client.call('thread/start', settings)) as { thread: { id: string } };
  const turn: Turn = async (message) => {
    const [text, end] = [Promise.withResolvers<number>(), Promise.withResolvers<void>()];
    client.onNotification = (method) => {
      if (method === 'item/agentMessage/delta') text.resolve(performance.now());
      if (method === 'turn/completed') end.resolve();
    };
    const start = performance.now();
    const input = [{ type: 'text', text: message, text_elements: [] }];
    await client.call('turn/start', { threadId: thread.id, input });
    const first = await text.promise;
    await end.promise;
    return first - start;
  };
  const close = async () => {
    await client.close();
    codex.kill();
    await once(codex, 'exit');
  };
  return { turn, close };
}

const model = await startModel();
const optio = await Optio.open({ dataDir: data, env: { PATH, LANG: 'C.UTF-8', HOME: home } });
try {
  const run = await openRun(optio, model.url);
  await run.turn(MESSAGES.text); // its codex is there then
  const bare = await openBare(run.id);
  const ratios: [string, number][] = [];
  for (const [name, message] of Object.entries(MESSAGES)) {
    const measured = await alternate(TURNS, { ours: () => run.turn(message), bare: () => bare.turn(message) });
    const differences = measured.ours.map((ms, index) => ms - (measured.bare[index] ?? 0));
    const told = (values: number[]) =>
      `p50 ${percentile(values, 0.5).toFixed(1)} ms, p99 ${percentile(values, 0.99).toFixed(1)} ms`;
    process.stdout.write(
      `first text, ${name} first, ${TURNS} turns: run ${told(measured.ours)}; bare client ${told(measured.bare)}; ` +
        `difference ${told(differences)}\n`,
    );
    ratios.push([`overhead-${name}`, percentile(measured.ours, 0.5) / percentile(measured.bare, 0.5)]);
  }
  await bare.close();
  await run.close();
  for (const [name, ratio] of ratios) printRatio(name, ratio);
} finally {
  await optio.close();
  await model.close();
  rmSync(root, { recursive: true, force: true });
}
