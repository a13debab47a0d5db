// A process with an Optio, which takes up the runs that others have left, launches those that it is told to, and says of these what
// becomes of them, as lines of JSON. It may be told to die at a step of a refresh, or when something has happened in a run.
import { createInterface } from 'node:readline';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunHandle } from '../../src/contract/run-handle.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { Optio } from '../../src/optio.ts';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import { Seeds } from '../../src/seeds/seeds.ts';

/** What it is told, a line each; it ends with its input, once all those runs have ended. */
export type Order =
  /** Under this key: it is launched once, by whichever of several processes. */
  | { readonly launch: string; readonly spec: RunSpec; readonly attempts: number }
  /** With this codex, or only that. */
  | { readonly diesAt: RefreshStep; readonly codex?: number; readonly lives?: boolean }
  /** When it hears of such an event. */
  | { readonly diesOn: RunEvent['type'] }
  /** All logins, those that nobody has alone. */
  | { readonly renew: 'all' };

/** What it says. */
export type Said =
  | { readonly is: 'open' }
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

const watched: Promise<void>[] = [];
const optio = await Optio.open({
  dataDir,
  onRefreshStep(step) {
    if (step === deadly?.diesAt) strike(deadly);
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

function strike({ codex, lives = false }: NonNullable<typeof deadly>): void {
  deadly = undefined;
  if (codex !== undefined) process.kill(codex, 'SIGKILL');
  if (!lives) process.kill(process.pid, 'SIGKILL');
}

async function renewAll(): Promise<void> {
  const seeds = await optio.listSeeds();
  await Promise.all(seeds.map(({ id }) => optio.verifySeed(id, { refresh: 'always' }).catch(() => {})));
}

async function watch(run: string, handle: RunHandle): Promise<void> {
  for await (const { type } of handle.events()) {
    if (type === diesOn) process.kill(process.pid, 'SIGKILL');
    say({ is: 'event', run, runId: handle.id, type });
  }
  say({ is: 'ended', run, runId: handle.id, outcome: await handle.outcome });
}

function say(what: Said): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
