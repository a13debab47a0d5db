// How much memory of this process a run takes that has ended, and one that lives and is idle between two turns: each has a
// codex of its own, which is another process and is not counted. The reference is what a bare WebSocket connection takes
// to the same codex. RSS is what the process takes of the machine, which also grows by what is free again and kept for
// later. What 24 finished runs of codex leave is for the most part code that V8 has compiled meanwhile. Run it with
// --expose-gc.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe, setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import type { RunHandle } from '../src/contract/run-handle.ts';
import { NO_USAGE } from '../src/contract/usage.ts';
import { Optio } from '../src/optio.ts';
import { BareClient } from './bare-client.ts';
import { alternate, median, printRatio } from './measure.ts';
import { startModel } from './model.ts';

/** Runs of a task that is a function, in several goes, each measured by itself. */
const FINISHED = 200;
const GOES = 5;
/** Live runs in each go, and as many bare connections: 20 of each in the end, besides those that warm up. */
const LIVE = 4;
/** After this the timers are over that see to it that a connection and a process have ended, in milliseconds. */
const SETTLE_MS = 3_000;

// Code that was not used for a while would go in the middle of a measurement, and look as if a run had given it back.
setFlagsFromString('--no-flush-bytecode');

const root = mkdtempSync('/var/tmp/optio-codex-bench-');
const [data, home] = [join(root, 'data'), join(root, 'home')];
mkdirSync(home);
const env = { PATH: process.env.PATH ?? '', LANG: 'C.UTF-8', HOME: home };

interface Memory {
  /** What JavaScript holds: on its heap, and in buffers. */
  readonly held: number;
  readonly rss: number;
}

/** What is left when all that nobody holds is gone. */
async function memory(): Promise<Memory> {
  for (let round = 0; round < 5; round++) {
    await breathe();
    global.gc?.();
  }
  const { heapUsed, external, rss } = process.memoryUsage();
  return { held: heapUsed + external, rss };
}

/** Bytes that this process holds more for each of them than before. */
async function grown(count: number, act: () => Promise<unknown>): Promise<number> {
  const before = await memory();
  await act();
  return ((await memory()).held - before.held) / count;
}

function tell(what: string, held: readonly number[], rss?: number): void {
  const [middle, least, most] = [median(held), Math.min(...held), Math.max(...held)].map(inBytes);
  const spread = held.length > 1 ? ` (${least} to ${most})` : '';
  process.stdout.write(
    `${what}: ${middle} held by each${spread}${rss === undefined ? '' : `; RSS ${inBytes(rss)} each`}\n`,
  );
}

function inBytes(value: number): string {
  return `${Math.round(value).toLocaleString('en-US')} bytes`;
}

/** Runs a task that is a function, so often, to the end. */
async function finishFunctions(optio: Optio, count: number): Promise<void> {
  const handles = [];
  for (let index = 0; index < count; index++) handles.push(await optio.launch('function'));
  await Promise.all(handles.map(({ outcome }) => outcome));
}

/** Opens runs that stay open, and lets each have one turn. */
async function openRuns(optio: Optio, modelUrl: string, count: number): Promise<RunHandle[]> {
  const handles: RunHandle[] = [];
  for (let index = 0; index < count; index++) {
    const handle = await optio.run({
      instructions: 'nothing by itself',
      autoStart: false,
      endRule: 'told',
      workspace: { fresh: true },
      provider: { baseUrl: modelUrl },
      model: 'scripted',
    });
    await (await handle.send('!say hello')).completed;
    handles.push(handle);
  }
  return handles;
}

async function finish(runs: readonly RunHandle[]): Promise<void> {
  for (const run of runs) await run.finish();
  await Promise.all(runs.map(({ outcome }) => outcome));
}

const model = await startModel();
const optio = await Optio.open({ dataDir: data, env });
try {
  await optio.define({
    id: 'function',
    name: 'A function',
    async execute(context) {
      context.emit({ type: 'notice', level: 'info', message: 'it is done' });
      return { status: 'done', text: 'done', durationMs: 0, usage: NO_USAGE, turns: 0 };
    },
  });
  await finishFunctions(optio, FINISHED); // to warm up
  const begin = await memory();
  const ended: number[] = [];
  for (let go = 0; go < GOES; go++) ended.push(await grown(FINISHED, () => finishFunctions(optio, FINISHED)));
  const count = GOES * FINISHED;
  tell(`finished runs of a function (${count})`, ended, ((await memory()).rss - begin.rss) / count);

  await finish(await openRuns(optio, model.url, 2 * LIVE)); // to warm up
  await delay(SETTLE_MS);
  const beforeLive = await memory();
  const runs: RunHandle[] = [];
  const clients: BareClient[] = [];
  const open = async () => void runs.push(...(await openRuns(optio, model.url, LIVE)));
  const connect = async () => {
    for (const { id } of runs.slice(-LIVE)) {
      clients.push(await BareClient.connect(join(data, 'runs', id, 'codex', 'app-server.sock')));
    }
  };
  const measured = await alternate(GOES, { live: () => grown(LIVE, open), bare: () => grown(LIVE, connect) });
  const live = runs.length;
  tell(`idle live runs (${live})`, measured.live, ((await memory()).rss - beforeLive.rss) / live);
  tell(`bare connections (${clients.length})`, measured.bare);
  for (const client of clients.splice(0)) await client.close();
  await finish(runs.splice(0));
  await delay(SETTLE_MS);

  const beforeFinished = await memory();
  const finished: number[] = [];
  const runOnce = async () => {
    await finish(await openRuns(optio, model.url, LIVE));
    await delay(SETTLE_MS);
  };
  for (let go = 0; go < GOES; go++) finished.push(await grown(LIVE, runOnce));
  const rss = (await memory()).rss - beforeFinished.rss;
  tell(`finished runs of codex (${GOES * LIVE})`, finished, rss / (GOES * LIVE));
  printRatio('idle', median(measured.live) / median(measured.bare));
} finally {
  await optio.close();
  await model.close();
  rmSync(root, { recursive: true, force: true });
}
