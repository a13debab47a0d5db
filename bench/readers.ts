// How fast 450 readers of the journals of 20 busy runs get them from the server as it is (its tokens, routes and streams, over
// the engine), against the same with 50 more who have stopped reading; how much memory this process takes meanwhile; and
// whether each of those, once it goes on, ends with the journal that the store has. Run it with --expose-gc.
import { type ChildProcess, fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as breathe } from 'node:timers/promises';
import { authenticator } from '../src/compose/authenticator.ts';
import type { RunHandle } from '../src/contract/run-handle.ts';
import { API_VERSION } from '../src/contract/server-info.ts';
import { NO_USAGE } from '../src/contract/usage.ts';
import { thisMachine } from '../src/machine.ts';
import { Optio } from '../src/optio.ts';
import { type RunningServer, startServer } from '../src/server/server.ts';
import { alternate, median, printRatio } from './measure.ts';
import type { Asked, Stopped, Told } from './readers-messages.ts';

const RUNS = 20;
const READERS = 450;
const STOPPED = 50;
const ROUNDS = 5;
/** Of each run; far more bytes than the buffers of a unix socket take. */
const EVENTS = 1_500;
const TEXT = 'some words of what a run may tell. '.repeat(30);
/** As many are told in one go. */
const PIECE = 20;
const STALL_MS = 1_000;
const TOKEN = 'oc_the-token-of-a-benchmark';

// In memory, where there is such a thing: what a disk does is no part of this.
const root = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : '/var/tmp'}/optio-codex-bench-`);
const socketPath = join(root, 'server.sock');
let stores = 0;
let optio: Optio;

/** Runs over a store of their own, which begin to tell when all readers are there. */
async function launchRuns(go: Promise<void>): Promise<RunHandle[]> {
  optio = await Optio.open({
    dataDir: join(root, `data-${stores++}`),
    env: { PATH: process.env.PATH ?? '', HOME: root },
  });
  await optio.define({
    id: 'busy',
    name: 'A busy run',
    async execute(context) {
      await go;
      for (let told = 0; told < EVENTS; ) {
        for (let piece = 0; piece < PIECE; piece++) {
          context.emit({ type: 'notice', level: 'info', message: `${++told}: ${TEXT}` });
        }
        await context.written();
        await breathe();
      }
      return { status: 'done', text: '', durationMs: 0, usage: NO_USAGE, turns: 0 };
    },
  });
  const handles: RunHandle[] = [];
  for (let index = 0; index < RUNS; index++) handles.push(await optio.launch('busy'));
  return handles;
}

/** The server as `serve` has it, over the runs of a round. */
function serveRuns(): Promise<RunningServer> {
  return startServer({
    api: optio,
    authenticate: authenticator(
      () => TOKEN,
      (secret) => optio.authenticate(secret),
    ),
    info: {
      ...{ version: '0.0.0', apiVersion: API_VERSION, pid: process.pid, dataDir: root, command: 'optio-codex' },
      ...{ machine: thisMachine(), startedAt: new Date().toISOString() },
    },
    listen: { socket: socketPath },
    onStop: () => Promise.reject(new Error('nobody stops it')),
    streams: { stallMs: STALL_MS },
  });
}

const peer = fork(new URL('readers-peer.ts', import.meta.url), [socketPath, TOKEN], {
  stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
});

function told<T extends Told['type']>(type: T): Promise<Extract<Told, { type: T }>> {
  return new Promise((resolve) => {
    const listen = (message: Told) => {
      if (message.type !== type) return;
      peer.off('message', listen);
      resolve(message as Extract<Told, { type: T }>);
    };
    peer.on('message', listen);
  });
}

function ask(asked: Asked, process: ChildProcess = peer): void {
  process.send(asked);
}

interface Round {
  readonly perSecond: number;
  /** Time of the processor that this process took for an event that was read, in microseconds. */
  readonly cpu: number;
  /** The most that this process took of the machine meanwhile, in bytes. */
  readonly rss: number;
}

async function round(stopped: number): Promise<Round> {
  const go = Promise.withResolvers<void>();
  const handles = await launchRuns(go.promise);
  const server = await serveRuns();
  const at = (index: number) => (handles[index % RUNS] as RunHandle).id;
  const opened = told('open');
  const read = told('read');
  ask({
    type: 'read',
    runIds: Array.from({ length: READERS }, (_, index) => at(index)),
    stoppedIds: Array.from({ length: stopped }, (_, index) => at(index)),
  });
  await opened;
  let rss = 0;
  const look = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss());
  }, 50);
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  go.resolve();
  const { events } = await read;
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  clearInterval(look);
  if (stopped > 0) await checkStopped(handles);
  await server.close();
  await optio.close();
  rmSync(join(root, `data-${stores - 1}`), { recursive: true });
  return { perSecond: events / seconds, cpu: (user + system) / events, rss };
}

let returns = 0;

async function checkStopped(handles: readonly RunHandle[]): Promise<void> {
  const finished = told('finished');
  ask({ type: 'goOn' });
  const { stopped } = await finished;
  const wanted = new Map<string, Pick<Stopped, 'events' | 'digest'>>();
  for (const handle of handles) {
    const hash = createHash('sha256');
    let events = 0;
    for await (const event of handle.events()) {
      hash.update(`${JSON.stringify(event)}\n`);
      events++;
    }
    wanted.set(handle.id, { events, digest: hash.digest('hex') });
  }
  for (const { runId, events, digest, times } of stopped) {
    const journal = wanted.get(runId);
    returns += times - 1;
    if (journal?.digest === digest && journal.events === events) continue;
    throw new Error(`a reader that was stopped has another journal of ${runId} than the store`);
  }
}

try {
  const rounds: { all: Round[]; without: Round[] } = { all: [], without: [] };
  const measure = async (name: 'all' | 'without', stopped: number) => {
    const measured = await round(stopped);
    rounds[name].push(measured);
    return measured.perSecond;
  };
  const { all, without } = await alternate(ROUNDS, {
    without: () => measure('without', 0),
    all: () => measure('all', STOPPED),
  });
  for (const name of ['without', 'all'] as const) {
    const inWhole = (value: number) => Math.round(value).toLocaleString('en-US');
    const speeds = name === 'all' ? all : without;
    const [perSecond, least, fastest] = [median(speeds), Math.min(...speeds), Math.max(...speeds)].map(inWhole);
    const rss = Math.max(...rounds[name].map((one) => one.rss));
    const cpu = median(rounds[name].slice(1).map((one) => one.cpu));
    process.stdout.write(
      `${READERS} readers of ${RUNS} runs, ${name === 'all' ? STOPPED : 0} more that stopped: ${perSecond} events/s read (${least} to ${fastest}), ` +
        `${cpu.toFixed(1)} µs of CPU for each; ` +
        `RSS ${Math.round(rss / 1024 / 1024)} MiB at most\n`,
    );
  }
  process.stdout.write(
    `each of ${STOPPED * (ROUNDS + 1)} stopped readers, which were cut off ${returns} times in all, has the journal that the store has\n`,
  );
  printRatio('readers', median(all) / median(without));
  printRatio('readers-memory', median(rounds.all.map(({ rss }) => rss)) / median(rounds.without.map(({ rss }) => rss)));
} finally {
  peer.kill();
  rmSync(root, { recursive: true, force: true });
}
