// How many requests a second the server answers with 2,000 runs in the store, and how long the slowest of a hundred takes: a
// list, a run, and a launch, against a page of the same server that says always the same; and how long it takes from the
// writing of an event to its readers, against a server that hands on a text that it has. The client is another process.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { Optio } from '../src/optio.ts';
import { startServer } from '../src/server/server.ts';
import type { RunContext } from '../src/task/context.ts';
import type { Asked, Told } from './api-messages.ts';
import { alternate, median, printRatio } from './measure.ts';

const RUNS = 2_000;
const ROUNDS = 5;
const REQUESTS = { constant: 2_000, list: 200, show: 1_000, launch: 400 };
const AT_ONCE = 8;
const READERS = [1, 50, 500];
const EVENTS = 100;
/** Between two events, in milliseconds: nothing waits for the one before. */
const PAUSE_MS = 20;
const TOKEN = 'a-token-that-lets-somebody-in';

// In memory, where there is such a thing: what a disk does is no part of this.
const root = mkdtempSync(`${existsSync('/dev/shm') ? '/dev/shm' : '/var/tmp'}/optio-codex-bench-`);
const optio = await Optio.open({ dataDir: `${root}/data`, env: { PATH: process.env.PATH ?? '', HOME: root } });
const server = await startServer({
  api: optio,
  authenticate: async (secret) => (secret === TOKEN ? { name: 'bench', role: 'admin' } : undefined),
  info: {
    version: '0',
    apiVersion: 1,
    pid: process.pid,
    dataDir: root,
    command: 'optio-codex',
    machine: { name: 'bench', id: 'bench' },
    startedAt: new Date().toISOString(),
  },
  listen: { host: '127.0.0.1', port: 0 },
  onStop: async () => ({ pid: process.pid, left: [], waiting: [], openRequests: 0, drainMs: 0, cancel: false }),
});

/** A server that has nothing to do but to hand on what it has. */
const bareReaders = new Set<ServerResponse>();
const bare = createServer((_incoming, response) => {
  bareReaders.add(response.writeHead(200, { 'content-type': 'text/event-stream' }));
  response.flushHeaders();
  response.once('close', () => bareReaders.delete(response));
});
await new Promise<void>((resolve) => bare.listen(0, '127.0.0.1', resolve));
const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}`;

function startPeer(url: string) {
  return fork(new URL('api-peer.ts', import.meta.url), [url, TOKEN], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
}
type Peer = ReturnType<typeof startPeer>;
const [peer, barePeer] = [startPeer(server.url), startPeer(bareUrl)];

function told<T extends Told['type']>(from: Peer, type: T): Promise<Extract<Told, { type: T }>> {
  return new Promise((resolve, reject) => {
    const died = () => reject(new Error('the client has ended'));
    const listen = (message: Told) => {
      if (message.type !== type) return;
      from.off('message', listen).off('exit', died);
      resolve(message as Extract<Told, { type: T }>);
    };
    from.on('message', listen).once('exit', died);
  });
}

/** What tells of itself when it was told, until it is to stop. */
let tellsNow: Promise<void> = Promise.resolve();
await optio.define({ id: 'short', name: 'A run that is over at once', execute: async () => ({ text: 'That is it.' }) });
await optio.define({
  id: 'teller',
  name: 'A run that tells',
  async execute(context: RunContext) {
    await tellsNow;
    for (let count = 0; count < EVENTS; count++) {
      context.emit({ type: 'notice', level: 'info', message: `at:${process.hrtime.bigint()}` });
      await delay(PAUSE_MS);
    }
    await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve(), { once: true }));
    return { text: '' };
  },
});

/** Somebody has so many at once, none of which anybody waits for. */
async function fill(): Promise<string> {
  let last = '';
  for (let count = 0; count < RUNS; count += 50) {
    const runs = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        optio.launch('short', { name: `run ${count + index}`, metadata: { team: `${index % 5}` } }),
      ),
    );
    await Promise.all(runs.map(({ outcome }) => outcome));
    last = runs[0]?.id ?? last;
  }
  return last;
}

interface Called {
  readonly p50: number;
  readonly p99: number;
}
type Kind = keyof typeof REQUESTS;

async function callServer(kind: Kind, runId: string): Promise<Called & { readonly perSecond: number }> {
  const later = new Date(Date.now() + 86_400_000).toISOString();
  const calls = {
    constant: { method: 'GET', path: '/healthz' },
    list: { method: 'GET', path: '/api/runs?limit=100' },
    show: { method: 'GET', path: `/api/runs/${runId}` },
    // It is written down, and does not begin: what a run does is no part of this.
    launch: {
      method: 'POST',
      path: '/api/tasks/short/launch',
      body: { name: 'later', metadata: { bench: 'launch' }, notBefore: later },
    },
  } as const;
  const called = told(peer, 'called');
  peer.send({ type: 'call', ...calls[kind], requests: REQUESTS[kind], atOnce: AT_ONCE } satisfies Asked);
  const measured = await called;
  if (kind === 'launch') await removeLaunched();
  return measured;
}

/** There are 2,000 again. */
async function removeLaunched(): Promise<void> {
  const ids = await optio.cancelGroup({ metadata: { bench: 'launch' } }, { reason: 'it was launched to be measured' });
  for (const id of ids) {
    const run = await optio.find(id);
    await run.outcome;
    await run.remove();
  }
}

async function readFrom(from: Peer, path: string, readers: number, begin: () => void): Promise<Called> {
  const [opened, read] = [told(from, 'open'), told(from, 'read')];
  from.send({ type: 'read', path, readers, events: EVENTS } satisfies Asked);
  await opened;
  begin();
  return read;
}

async function readOurs(readers: number): Promise<Called> {
  const go = Promise.withResolvers<void>();
  tellsNow = go.promise;
  const run = await optio.launch('teller');
  const read = await readFrom(peer, `/api/runs/${run.id}/events`, readers, go.resolve);
  await run.cancel();
  await run.outcome;
  await run.remove();
  return read;
}

async function readBare(readers: number): Promise<Called> {
  const tellAll = async () => {
    for (let count = 0; count < EVENTS; count++) {
      const frame = Buffer.from(`id: ${count}\ndata: {"message":"at:${process.hrtime.bigint()}"}\n\n`);
      for (const response of bareReaders) response.write(frame);
      await delay(PAUSE_MS);
    }
  };
  return readFrom(barePeer, '/', readers, () => void tellAll());
}

const inWhole = (value: number) => Math.round(value).toLocaleString('en-US');
const inMs = (value: number) => `${value.toFixed(2)} ms`;
const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(', ');

try {
  process.stdout.write(`${availableParallelism()} cores; load before this (1, 5 and 15 minutes): ${load()}\n`);
  const runId = await fill();
  const p99s: Record<Kind, number[]> = { constant: [], list: [], show: [], launch: [] };
  const measure = (kind: Kind) => async () => {
    const { perSecond, p99 } = await callServer(kind, runId);
    p99s[kind].push(p99);
    return perSecond;
  };
  const speeds = await alternate(ROUNDS, {
    constant: measure('constant'),
    list: measure('list'),
    show: measure('show'),
    launch: measure('launch'),
  });
  const p99Of = (kind: Kind) => median(p99s[kind].slice(1)); // the first round was to warm up
  for (const kind of ['constant', 'list', 'show', 'launch'] as const) {
    const { [kind]: all } = speeds;
    process.stdout.write(
      `${kind}: ${inWhole(median(all))} requests/s (${inWhole(Math.min(...all))} to ${inWhole(Math.max(...all))}), ` +
        `p99 ${inMs(p99Of(kind))}, ${AT_ONCE} at a time, ${inWhole(RUNS)} runs\n`,
    );
  }
  const fanOut: Record<string, number> = {};
  for (const readers of READERS) {
    const found = { ours: [] as Called[], bare: [] as Called[] };
    await alternate(ROUNDS, {
      ours: async () => found.ours.push(await readOurs(readers)),
      bare: async () => found.bare.push(await readBare(readers)),
    });
    const of = (name: 'ours' | 'bare', what: keyof Called) => median(found[name].slice(1).map((one) => one[what]));
    fanOut[`api-fan-out-${readers}`] = of('ours', 'p50') / of('bare', 'p50');
    process.stdout.write(
      `${readers} ${readers === 1 ? 'reader' : 'readers'}: from the writing of an event to its reading ` +
        `p50 ${inMs(of('ours', 'p50'))}, p99 ${inMs(of('ours', 'p99'))}; ` +
        `of a text that is handed on p50 ${inMs(of('bare', 'p50'))}, p99 ${inMs(of('bare', 'p99'))}\n`,
    );
  }
  process.stdout.write(`load after this: ${load()}\n`);
  for (const kind of ['list', 'show', 'launch'] as const) {
    printRatio(`api-${kind}`, median(speeds[kind]) / median(speeds.constant));
    printRatio(`api-${kind}-p99`, p99Of(kind) / p99Of('constant'));
  }
  for (const [name, ratio] of Object.entries(fanOut)) printRatio(name, ratio);
} finally {
  peer.kill();
  barePeer.kill();
  bare.closeAllConnections();
  bare.close();
  await server.close();
  await optio.close();
  rmSync(root, { recursive: true, force: true });
}
