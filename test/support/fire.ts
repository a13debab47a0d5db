import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { expect, onTestFinished } from 'vitest';
import type { RunEventType } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { Optio } from '../../src/optio.ts';
import { SHARED_HOLDER } from '../../src/seeds/shared-seeds.ts';
import { pause, say, shell } from '../../src/testing/index.ts';
import type { Order, Said } from '../fakes/fire-worker.ts';
import { isCodex } from '../fakes/identity/faults.ts';
import type { Issued } from '../fakes/identity/lineages.ts';
import type { FakeIdentity } from '../fakes/identity/provider.ts';
import { testDirectory } from './directories.ts';
import { fakePath } from './fakes.ts';
import { type StartedIdentity, startIdentity, toAuthFile } from './identity.ts';
import { codexOf, countMarked, until } from './processes.ts';
import { markOf } from './run.ts';
import { filesWithSecrets } from './seed-run.ts';

/** So long the tokens live that we get, in seconds. Codex would renew by itself, again and again, one that ends within five minutes. */
const OURS_SECONDS = 4;
const POOL = 'team';

/** A run, as its workers have told of it. */
interface Told {
  readonly order: Extract<Order, { launch: string }>;
  runId: string;
  readonly seen: Set<RunEventType>;
  outcome: RunOutcome | undefined;
}

export interface FireRun {
  readonly mode: 'broker' | 'file';
  /** Its turn goes on until `open` was called; `long`: and the model is asked once more after that. */
  readonly isGated?: boolean | 'long';
  readonly attempts?: number;
  readonly spec?: Partial<RunSpec>;
}

/** A data directory with a pool of logins whose refresh tokens work once, workers on it that are killed, and the provider. */
export class Fire {
  readonly identity: FakeIdentity;
  readonly dataDir: string;
  readonly logins: Issued[] = [];
  /** What was saved, by the workers' own word, the newest last. */
  readonly saved: string[] = [];
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #home: string;
  readonly #workspace: string;
  readonly #told = new Map<string, Told>();
  readonly #gates: Map<string, PromiseWithResolvers<void>>;
  #worker: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #isOpen = false;
  kills = 0;

  private constructor({ identity, env }: StartedIdentity, gates: Map<string, PromiseWithResolvers<void>>) {
    this.identity = identity;
    this.#gates = gates;
    const root = testDirectory('fire');
    this.dataDir = join(root, 'data');
    [this.#home, this.#workspace] = [join(root, 'home'), join(root, 'workspace')];
    for (const directory of [this.#home, this.#workspace]) mkdirSync(directory);
    this.#env = { PATH: process.env.PATH, LANG: 'C.UTF-8', HOME: this.#home, ...env };
  }

  static async start(logins = 3): Promise<Fire> {
    const gates = new Map<string, PromiseWithResolvers<void>>();
    const at = await startIdentity(({ userText, outputs }) => {
      const [, isLong, run = ''] = /^(long )?gate (\S+)/.exec(userText) ?? [];
      const gate = outputs.length === 0 ? gates.get(run) : undefined;
      return [...(gate ? [pause(gate.promise)] : []), gate && isLong ? shell('true') : say('done')];
    });
    const fire = new Fire(at, gates);
    onTestFinished(() => fire.sweep());
    at.identity.lineages.secondsFor = (by) => (isCodex(by) ? undefined : OURS_SECONDS);
    const optio = await fire.#open();
    for (let nth = 1; nth <= logins; nth++) {
      const login = at.identity.login();
      fire.logins.push(login);
      await optio.addSeed({ id: `seed-${nth}`, pool: POOL, auth: toAuthFile(login) });
    }
    await optio.close();
    return fire;
  }

  /** A worker lives from now on. It takes up the runs that there are. */
  begin(): void {
    if (this.#worker) return;
    this.#isOpen = false;
    const worker = spawn(process.execPath, [fakePath('fire-worker.ts'), this.dataDir], {
      env: this.#env,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    worker.stdin.on('error', () => {}); // it has died
    this.#worker = worker;
    this.#ended = once(worker, 'close').then(([, signal]) => {
      if (signal === 'SIGKILL') this.kills++;
      this.#worker = undefined;
    });
    createInterface({ input: worker.stdout }).on('line', (line) => this.#hear(line));
    for (const { order, outcome } of this.#told.values()) if (!outcome) this.#tell(order);
  }

  launch(run: string, { mode, isGated = false, attempts = 6, spec }: FireRun): void {
    if (isGated) this.#gates.set(run, Promise.withResolvers());
    const order: Order = {
      launch: run,
      attempts,
      spec: {
        instructions: isGated ? `${isGated === 'long' ? 'long ' : ''}gate ${run}` : 'Go.',
        workspace: { directory: this.#workspace, shared: true },
        model: 'gpt-5.5',
        seedPool: POOL,
        seedMode: mode,
        ...spec,
      },
    };
    this.#told.set(run, { order, runId: '', seen: new Set(), outcome: undefined });
    this.begin();
    this.#tell(order);
  }

  /** The worker dies at the next such step of a refresh. */
  dieAt(step: Extract<Order, { diesAt: string }>['diesAt']): void {
    this.begin();
    this.#tell({ diesAt: step });
  }

  /** Lets the worker renew all logins, whoever uses them. */
  renewAll(): void {
    this.begin();
    this.#tell({ renew: 'all' });
  }

  /** Lets the turn of a run end. */
  open(run: string): void {
    this.#gates.get(run)?.resolve();
  }

  get isAlive(): boolean {
    return this.#worker !== undefined;
  }

  /** Waits until the worker has died, as it was told to, or the run has ended without that: false. */
  async hasDied(run: string): Promise<boolean> {
    await until(() => !this.isAlive || this.#told.get(run)?.outcome !== undefined, `the death of the worker of ${run}`);
    return !this.isAlive;
  }

  /** Waits until a worker has taken up what there is. */
  async isAtWork(): Promise<void> {
    this.begin();
    await until(() => this.#isOpen, 'a worker');
  }

  async seen(run: string, type: RunEventType): Promise<void> {
    await until(() => this.#told.get(run)?.seen.has(type) === true, `${type} in ${run}`);
  }

  async outcome(run: string, withinMs?: number): Promise<RunOutcome> {
    await until(() => this.#told.get(run)?.outcome !== undefined, `the end of ${run}`, withinMs);
    return this.#told.get(run)?.outcome as RunOutcome;
  }

  modeOf(run: string): 'broker' | 'file' | undefined {
    return this.#told.get(run)?.order.spec.seedMode;
  }

  get workerPid(): number {
    return this.#worker?.pid as number;
  }

  async killWorker(): Promise<void> {
    this.signalWorker('SIGKILL');
    await this.#ended;
  }

  signalWorker(signal: NodeJS.Signals): void {
    this.#worker?.kill(signal);
  }

  /** The codex of a run, once there is one. */
  async codex(run: string): Promise<number> {
    let pid = 0;
    const look = () => {
      const { runId } = this.#told.get(run) ?? {};
      if (!runId) return false;
      try {
        pid = codexOf(markOf(this, runId));
      } catch {
        return false;
      }
      return true;
    };
    await until(look, `a codex of ${run}`);
    return pid;
  }

  /** Whether there is one just now. */
  hasCodex(run: string): boolean {
    const { runId } = this.#told.get(run) ?? {};
    return runId !== undefined && runId !== '' && countMarked(markOf(this, runId)) > 0;
  }

  async killCodex(run: string): Promise<void> {
    const pid = await this.codex(run);
    process.kill(pid, 'SIGKILL');
    this.kills++;
    await until(() => !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  }

  /** The login in the home of the codex of a run. */
  authFile(run: string): string {
    const { runId = '' } = this.#told.get(run) ?? {};
    return join(this.dataDir, 'runs', runId, 'codex', 'auth.json');
  }

  /** Its refresh token. */
  planted(run: string): string | undefined {
    try {
      const auth = readFileSync(this.authFile(run), 'utf8');
      return JSON.parse(auth).tokens?.refresh_token;
    } catch {
      return undefined;
    }
  }

  /** Whether this is the newest refresh token of any login. */
  isNewest(token: string | undefined): boolean {
    return token !== undefined && this.logins.some(({ lineage }) => this.identity.ledger.newestOf(lineage) === token);
  }

  /** All access tokens are refused from now on that were given to such user agents. */
  refuse(isMeant: (userAgent: string) => boolean): void {
    this.identity.lineages.refuseAccessOf(isMeant);
  }

  /** Lets everything end, and gives what is saved then: the refresh token of each seed. Nothing else is left of any run. */
  async settle(): Promise<string[]> {
    this.#worker?.stdin.end();
    await this.#ended;
    const optio = await this.#open();
    try {
      const held: string[] = [];
      for (const { id } of await optio.listSeeds()) {
        // A worker that was killed may have left a lease, which nobody waits for who shares the seed in its place.
        const order = { of: { seed: id }, holder: SHARED_HOLDER, inAnyState: true, takesOver: true };
        await using lease = (await optio.seeds.take(order)) ?? (await optio.seeds.lease(order));
        const { files } = await optio.seeds.read(lease);
        held.push(JSON.parse(files['auth.json'] ?? '{}').tokens.refresh_token);
      }
      return held;
    } finally {
      await optio.close();
    }
  }

  /** The same, between two workers. */
  async whileClosed<T>(act: (optio: Optio) => Promise<T>): Promise<T> {
    this.#worker?.stdin.end();
    await this.#ended;
    return this.look(act);
  }

  /** Looks into the directory, which no worker has by now. */
  async look<T>(act: (optio: Optio) => Promise<T>): Promise<T> {
    const optio = await this.#open();
    return act(optio).finally(() => optio.close());
  }

  /** By the provider's own record nothing was used twice, lost, or ended; and what it gave lies nowhere in the clear. */
  async expectSafe(): Promise<void> {
    const held = await this.settle();
    const { ledger } = this.identity;
    expect(ledger.usedAgain(), 'used twice').toEqual([]);
    expect(
      ledger.lost((token) => held.includes(token)),
      'lost',
    ).toEqual([]);
    expect(ledger.revoked(), 'revoked').toEqual([]);
    expect(filesWithSecrets(ledger.secrets, this.dataDir, this.#home, this.#workspace), 'in the clear').toEqual([]);
    expect(this.#runIds(), 'private directories that are left').toEqual([]);
  }

  /** For people. */
  get tally(): string {
    const refreshes = this.logins.reduce((sum, { lineage }) => sum + this.identity.ledger.refreshesOf(lineage), 0);
    return `${refreshes} refreshes, ${this.kills} kills`;
  }

  async sweep(): Promise<void> {
    if (this.isAlive) await this.killWorker();
    for (const runId of this.#runIds()) await sweepMarked(markOf(this, runId));
  }

  #runIds(): string[] {
    const runs = join(this.dataDir, 'runs');
    return existsSync(runs) ? readdirSync(runs) : [];
  }

  #open(): Promise<Optio> {
    return Optio.open({ dataDir: this.dataDir, env: this.#env });
  }

  #tell(order: Order): void {
    this.#worker?.stdin.write(`${JSON.stringify(order)}\n`);
  }

  #hear(line: string): void {
    let said: Said;
    try {
      said = JSON.parse(line);
    } catch {
      return; // it died in the middle of a line
    }
    if (said.is === 'saved') this.saved.push(said.seedId);
    if (said.is === 'open') this.#isOpen = true;
    if (said.is === 'open' || said.is === 'saved') return;
    const told = this.#told.get(said.run);
    if (!told) return;
    told.runId = said.runId;
    if (said.is === 'event') told.seen.add(said.type);
    else told.outcome = said.outcome;
  }
}
