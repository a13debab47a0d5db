// A process with an Optio, which takes up the runs that others have left, launches those that it is told to, and says of these what
// becomes of them, as lines of JSON. It may be told to die at a step of a refresh, or when something has happened in a run.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sessionMark } from '../../src/codex/launch.ts';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { findMarked } from '../../src/hosts/processes.ts';
import { Optio } from '../../src/optio.ts';
import { FileLoan } from '../../src/seeds/file-loan.ts';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import { Seeds } from '../../src/seeds/seeds.ts';
import { CODEX_HOME } from '../../src/session/prepared.ts';

/** What it is told, a line each; it ends with its input, once all those runs have ended. */
export type Order =
  /** Under this key: it is launched once, by whichever of several processes. */
  | { readonly launch: string; readonly spec: RunSpec; readonly attempts: number }
  /** With this codex, or that of this run, or only that. `isAtGate`: of one for a codex at the gate. */
  | {
      readonly diesAt: RefreshStep;
      readonly codex?: number;
      readonly codexOf?: string;
      readonly lives?: boolean;
      readonly isAtGate?: boolean;
    }
  /** When it hears of such an event. */
  | { readonly diesOn: RunEvent['type'] }
  /** All logins, those that nobody has alone. */
  | { readonly renew: 'all' };

/** What it says. */
export type Said =
  | { readonly is: 'open' }
  /** What was to die at a step has died, and this worker lives. */
  | { readonly is: 'struck' }
  | { readonly is: 'event'; readonly run: string; readonly runId: string; readonly type: RunEvent['type'] }
  | { readonly is: 'ended'; readonly run: string; readonly runId: string; readonly outcome: RunOutcome }
  | { readonly is: 'saved'; readonly seedId: string; readonly version: number };

const dataDir = process.argv[2] ?? '';
let deadly: Extract<Order, { diesAt: RefreshStep }> | undefined;
let diesOn: RunEvent['type'] | undefined;

const { save } = Seeds.prototype;
Seeds.prototype.save = async function (lease, saved) {
  const seed = await save.call(this, lease, saved);
  if (seed.version !== saved.replaces) say({ is: 'saved', seedId: lease.seedId, version: seed.version });
  return seed;
};

/** How many codexes ask at the gate. */
let asking = 0;
const { renewed } = FileLoan.prototype;
FileLoan.prototype.renewed = async function (...asked) {
  asking++;
  return renewed.apply(this, asked).finally(() => asking--);
};

const watched: Promise<void>[] = [];
const runIds = new Map<string, string>();
const optio = await Optio.open({
  dataDir,
  onRefreshStep(step) {
    if (step === deadly?.diesAt && (!deadly.isAtGate || asking > 0)) strike(deadly);
  },
});
say({ is: 'open' });
for await (const line of createInterface({ input: process.stdin })) {
  const order: Order = JSON.parse(line);
  if ('diesAt' in order) deadly = order;
  else if ('diesOn' in order) diesOn = order.diesOn;
  else if ('renew' in order) void renewAll();
  else watched.push(launch(order));
}
await Promise.all(watched);
await optio.close();

async function launch({ launch: run, spec, attempts }: Extract<Order, { launch: string }>): Promise<void> {
  const retry = { attempts, backoffMs: 50, maxBackoffMs: 2_000 };
  await watch(run, await optio.run(spec, { retry, idempotencyKey: run }));
}

function strike({ codexOf, codex = findCodex(codexOf), lives = false }: NonNullable<typeof deadly>): void {
  deadly = undefined;
  if (codex !== undefined) process.kill(codex, 'SIGKILL');
  if (!lives) process.kill(process.pid, 'SIGKILL');
  say({ is: 'struck' });
}

function findCodex(run: string | undefined): number | undefined {
  const runId = run && runIds.get(run);
  if (!runId) return undefined;
  const isServer = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('app-server');
  return findMarked(sessionMark(runId, join(dataDir, 'runs', runId, CODEX_HOME))).find(({ pid }) => isServer(pid))?.pid;
}

async function renewAll(): Promise<void> {
  const seeds = await optio.listSeeds();
  await Promise.all(seeds.map(({ id }) => optio.verifySeed(id, { refresh: 'always' }).catch(() => {})));
}

async function watch(run: string, handle: RunHandle): Promise<void> {
  runIds.set(run, handle.id);
  for await (const { type } of handle.events()) {
    if (type === diesOn) process.kill(process.pid, 'SIGKILL');
    say({ is: 'event', run, runId: handle.id, type });
  }
  say({ is: 'ended', run, runId: handle.id, outcome: await handle.outcome });
}

function say(what: Said): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
