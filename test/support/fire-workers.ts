import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { RunEventType } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { RefreshStep } from '../../src/seeds/refreshes.ts';
import type { Order, Said } from '../fakes/fire-worker.ts';
import { fakePath } from './fakes.ts';
import { until } from './processes.ts';

/** How many events of a run are shown to people. */
const LAST = 5;

type Launch = Extract<Order, { launch: string }>;

/** A run, as its workers have told of it. */
interface Told {
  readonly order: Launch;
  runId: string;
  readonly seen: Set<RunEventType>;
  /** The newest last. */
  last: readonly RunEventType[];
  outcome: RunOutcome | undefined;
}

/** Workers of one data directory, one after the other, each of which may be killed. They go on with the runs that were ordered. */
export class FireWorkers {
  readonly dataDir: string;
  /** What was saved, by their own word, the newest last. */
  readonly saved: string[] = [];
  kills = 0;
  /** How often something else than a worker has died as it was told to. */
  strikes = 0;
  protected readonly env: Readonly<Record<string, string | undefined>>;
  readonly #told = new Map<string, Told>();
  #worker: ChildProcessByStdio<Writable, Readable, null> | undefined;
  #ended: Promise<unknown> = Promise.resolve();
  #isOpen = false;

  constructor(dataDir: string, env: Readonly<Record<string, string | undefined>>) {
    this.dataDir = dataDir;
    this.env = env;
  }

  /** A worker lives from now on. */
  begin(): void {
    if (this.#worker) return;
    this.#isOpen = false;
    const worker = spawn(process.execPath, [fakePath('fire-worker.ts'), this.dataDir], {
      env: this.env,
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

  protected order(launch: Launch): void {
    this.#told.set(launch.launch, { order: launch, runId: '', seen: new Set(), last: [], outcome: undefined });
    if (this.#worker) this.#tell(launch);
    else this.begin();
  }

  /** The worker dies at the next such step of a refresh; with this codex (or that of a run), or, where it `lives`, only that does. */
  dieAt(step: RefreshStep, also: Omit<Extract<Order, { diesAt: RefreshStep }>, 'diesAt'> = {}): void {
    this.begin();
    this.#tell({ diesAt: step, ...also });
  }

  /** The worker dies as soon as it hears of such an event. */
  dieOn(event: RunEventType): void {
    this.begin();
    this.#tell({ diesOn: event });
  }

  /** Lets the worker renew all logins, whoever uses them. */
  renewAll(): void {
    this.begin();
    this.#tell({ renew: 'all' });
  }

  get isAlive(): boolean {
    return this.#worker !== undefined;
  }

  /** Waits until a worker has taken up what there is. */
  async isAtWork(): Promise<void> {
    this.begin();
    await until(() => this.#isOpen, 'a worker');
  }

  /** Waits until the worker has died, as it was told to. */
  async hasDied(): Promise<void> {
    await until(() => !this.isAlive, 'the death of the worker');
  }

  async killWorker(): Promise<void> {
    this.signalWorker('SIGKILL');
    await this.#ended;
  }

  signalWorker(signal: NodeJS.Signals): void {
    this.#worker?.kill(signal);
  }

  get workerPid(): number {
    return this.#worker?.pid as number;
  }

  /** Lets the worker come to its end, with all runs. */
  async close(): Promise<void> {
    this.#worker?.stdin.end();
    await this.#ended;
  }

  async seen(run: string, type: RunEventType): Promise<void> {
    await until(() => this.#told.get(run)?.seen.has(type) === true, `${type} in ${run}`);
  }

  async outcome(run: string, withinMs?: number): Promise<RunOutcome> {
    await until(() => this.#told.get(run)?.outcome !== undefined, `the end of ${run}`, withinMs);
    return this.#told.get(run)?.outcome as RunOutcome;
  }

  /** For people: how far each run has come that has not ended. */
  get unended(): string {
    const unended = [...this.#told].filter(([, { outcome }]) => !outcome);
    return unended.map(([run, { runId, last }]) => `${run} (${runId}): … ${last.join(', ')}`).join('\n');
  }

  modeOf(run: string): RunSpec['seedMode'] {
    return this.#told.get(run)?.order.spec.seedMode;
  }

  /** Undefined until a worker has said it. */
  protected runIdOf(run: string): string | undefined {
    return this.#told.get(run)?.runId || undefined;
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
    if (said.is === 'open') this.#isOpen = true;
    if (said.is === 'saved') this.saved.push(said.seedId);
    if (said.is === 'struck') this.strikes++;
    if (said.is === 'open' || said.is === 'saved' || said.is === 'struck') return;
    const told = this.#told.get(said.run);
    if (!told) return;
    told.runId = said.runId;
    if (said.is === 'ended') {
      told.outcome = said.outcome;
      return;
    }
    told.seen.add(said.type);
    told.last = [...told.last, said.type].slice(-LAST);
  }
}
