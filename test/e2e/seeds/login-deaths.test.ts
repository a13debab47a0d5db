import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { LocalHost } from '../../../src/hosts/local.ts';
import { listProcesses } from '../../../src/hosts/processes.ts';
import { SeedLogins } from '../../../src/seeds/logins.ts';
import { Seeds } from '../../../src/seeds/seeds.ts';
import { openSqliteStore } from '../../../src/store/sqlite.ts';
import { silence } from '../../fakes/identity/faults.ts';
import type { LoginOrders } from '../../fakes/login-worker.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { testDirectory } from '../../support/directories.ts';
import { fakePath } from '../../support/fakes.ts';
import { type StartedIdentity, startIdentity, toAuthFile } from '../../support/identity.ts';
import { until } from '../../support/processes.ts';
import { leaksIn, leftOf, untilOver } from '../../support/seed-logins.ts';

/** More statements than a login has. */
const MANY = 60;

interface Worker {
  readonly child: ChildProcess;
  /** What it said, state by state. */
  readonly told: SeedLogin[];
  readonly ended: Promise<NodeJS.Signals | number | null>;
}

function startWorker(orders: LoginOrders): Worker {
  const child = spawn(process.execPath, [fakePath('login-worker.ts'), JSON.stringify(orders)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: SeedLogin[] = [];
  createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> }).on('line', (line) => {
    told.push(JSON.parse(line));
  });
  return { child, told, ended: once(child, 'close').then(([code, signal]) => signal ?? code) };
}

const waits = ({ told }: Worker) => told.find(({ state }) => state === 'waiting');

/** Lets somebody consent as soon as that is waited for; not at all where the worker dies before. */
async function consent(worker: Worker, { identity }: StartedIdentity): Promise<void> {
  await Promise.race([until(() => waits(worker) !== undefined, 'a code'), worker.ended]);
  const code = waits(worker)?.userCode;
  if (code) identity.devices.decide(code, identity.accounts[0] ?? identity.addAccount());
}

interface Found {
  readonly versions: readonly number[];
  /** The refresh token that is kept. */
  readonly token: string | undefined;
}

/** Opens the directory as the next process would, and looks at what has become of the login. */
async function takeUp(directory: string, env: LoginOrders['env']): Promise<Found> {
  const later = Date.now() + 61_000;
  const store = await openSqliteStore(directory, { now: () => later });
  const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
  const host = new LocalHost({ home: directory });
  const logins = new SeedLogins({ host, seeds, dataDir: directory, env });
  try {
    await logins.takeUp();
    for (const login of logins.list()) {
      const over = await untilOver((id, seen) => logins.find(id, { seen }), login);
      expect(over).toMatchObject({ state: 'done', error: null });
    }
    const [seed] = await seeds.list();
    if (!seed) return { versions: [], token: undefined };
    await using lease = await seeds.lease({ of: { seed: 'work' }, holder: 'next', inAnyState: true });
    const { files } = await seeds.read(lease);
    const { tokens } = JSON.parse(files['auth.json'] ?? '');
    return { versions: await store.seeds.versions('work'), token: tokens.refresh_token };
  } finally {
    await Promise.all([logins.close(), seeds.close()]);
    await store.close();
  }
}

/** Nothing of it is left: no directory, no secret, no process of codex. */
function expectNothingLeft(directory: string, { identity }: StartedIdentity): void {
  expect(leftOf(directory)).toEqual([]);
  expect(leaksIn(directory, identity)).toEqual([]);
  expect(processesIn(directory)).toEqual([]);
}

/** The processes that know of a directory. */
function processesIn(directory: string): number[] {
  const living = listProcesses().filter(({ isZombie }) => !isZombie);
  return living.map(({ pid }) => pid).filter((pid) => environmentOf(pid).includes(directory));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

describe('a process that is killed', () => {
  it('while somebody is waited for leaves nothing', async () => {
    const at = await startIdentity();
    const directory = await dataDirectory('seeds');
    const worker = startWorker({ directory, env: at.env, begins: { again: false } });
    await until(() => waits(worker) !== undefined, 'a code');
    worker.child.kill('SIGKILL');
    expect(await worker.ended).toBe('SIGKILL');
    expect(leftOf(directory)).toHaveLength(1);
    expect(await takeUp(directory, at.env)).toEqual({ versions: [], token: undefined });
    expectNothingLeft(directory, at);
  });

  it('when codex has the login, and nobody else, has it saved by the next one', async () => {
    const at = await startIdentity();
    const { identity } = at;
    const directory = await dataDirectory('seeds');
    const { met } = identity.faults.next('accounts', silence('before'));
    const worker = startWorker({ directory, env: at.env, begins: { again: false } });
    await consent(worker, at);
    await met;
    worker.child.kill('SIGKILL');
    await worker.ended;
    const { versions, token } = await takeUp(directory, at.env);
    expect(versions).toEqual([1]);
    expect(identity.ledger.lost((newest) => newest === token)).toEqual([]);
    expectNothingLeft(directory, at);
  });

  it('at any moment of a login loses none that somebody has consented to', { timeout: 300_000 }, async () => {
    const at = await startIdentity();
    const beginning = await dataDirectory('seeds');
    const before = at.identity.login();
    await addSeed(beginning, toAuthFile(before));
    const seen = await dieEverywhere(beginning, at, { begins: { again: true } }, 4, ({ versions, token }, worker) => {
      if (!waits(worker)) return expect({ versions, token }).toEqual({ versions: [1], token: before.refreshToken });
      expect(versions).toEqual([2, 1]);
      const { ledger } = at.identity;
      return expect(ledger.newestOf(ledger.entries.at(-1)?.lineage ?? '')).toBe(token);
    });
    expect(seen).toBeGreaterThan(10);
  });

  it.each([false, true])(
    'while it saves what another has left saves it once (again: %s)',
    { timeout: 300_000 },
    async (again) => {
      const at = await startIdentity();
      const { identity, env } = at;
      const beginning = await dataDirectory('seeds');
      if (again) await addSeed(beginning, toAuthFile(identity.login(identity.addAccount())));
      const { met } = identity.faults.next('accounts', silence('before'));
      const worker = startWorker({ directory: beginning, env, begins: { again } });
      await consent(worker, at);
      await met;
      worker.child.kill('SIGKILL');
      await worker.ended;
      await until(() => processesIn(beginning).length === 0, 'the end of its codex');
      const { ledger } = identity;
      const token = ledger.newestOf(ledger.entries.at(-1)?.lineage ?? '');
      const seen = await dieEverywhere(beginning, at, {}, 2, (found) => {
        expect(found).toEqual({ versions: again ? [2, 1] : [1], token });
      });
      expect(seen).toBeGreaterThan(8);
    },
  );
});

/** Lets a process die after every so many statements, each time from the same beginning. Gives how many there are at least. */
async function dieEverywhere(
  beginning: string,
  at: StartedIdentity,
  orders: Pick<LoginOrders, 'begins'>,
  step: number,
  check: (found: Found, worker: Worker) => void,
): Promise<number> {
  for (let nth = 1; nth < MANY; nth += step) {
    const directory = testDirectory('seeds');
    cpSync(beginning, directory, { recursive: true });
    const worker = startWorker({ directory, env: at.env, diesAfter: nth, ...orders });
    if (orders.begins) await consent(worker, at);
    const end = await worker.ended;
    check(await takeUp(directory, at.env), worker);
    expectNothingLeft(directory, at);
    if (end === 0) return nth;
    expect(end).toBe('SIGKILL');
  }
  throw new Error(`it has more than ${MANY} statements`);
}

async function addSeed(directory: string, auth: string): Promise<void> {
  const store = await openSqliteStore(directory);
  const seeds = new Seeds({ store, key: { env: {}, file: join(directory, 'seed.key') } });
  await seeds.add({ id: 'work', auth });
  await seeds.close();
  await store.close();
}
