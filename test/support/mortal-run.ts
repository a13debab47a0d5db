import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { sessionMark } from '../../src/codex/launch.ts';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import type { ProcessMark } from '../../src/hosts/host.ts';
import { sweepMarked } from '../../src/hosts/stop.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RunRecord } from '../../src/store/store.ts';
import type { RetryPolicy } from '../../src/task/task.ts';
import type { Orders } from '../fakes/engine-worker.ts';
import { compiled } from './compiled.ts';
import { subdirectory, testDirectory } from './directories.ts';
import { fakePath } from './fakes.ts';
import { countMarked } from './processes.ts';

/** When a worker dies: at one of its writes, after the first write of an event of this type, or after so many milliseconds. */
export type Death = NonNullable<Orders['dies']> | { readonly afterMs: number };

/** What became of one worker. */
export interface Life {
  readonly death: Death | undefined;
  /** By which signal it ended, or with which code. */
  readonly end: string;
  /** The end of what it complained of. */
  readonly stderr: string;
}

/** A run as it is on disk. */
export interface ReadRun {
  readonly record: RunRecord;
  readonly events: readonly RunEvent[];
}

export interface MortalOptions {
  /** What is sent after the first turn, one message after each. */
  readonly messages?: readonly string[];
  /** How many such runs there are (1), all in the same workspace. */
  readonly runs?: number;
  /** How often each is tried (once). */
  readonly retry?: RetryPolicy;
  /** It works in a worktree of this repository, not in the workspace. */
  readonly repository?: string;
  /** Where all that it has lies; a directory of the test, unless given, which also ends what is left of it. */
  readonly root?: string;
}

export interface MoreOrders
  extends Pick<
    Orders,
    'cancelsAt' | 'isSilent' | 'meanwhile' | 'keyed' | 'queued' | 'finishesAfter' | 'pausesAt' | 'resumes'
  > {
  /** The run may end before the worker comes to where it is to die. */
  readonly mayOutlive?: boolean;
}

/** How much of the complaints of a worker is kept, in characters. */
const MAX_STDERR = 2_000;

/** A run, or several, whose workers die one after the other. */
export class MortalRun {
  readonly directory: string;
  readonly workspace: string;
  readonly #home: string;
  readonly #spec: RunSpec;
  readonly #options: MortalOptions;
  /** What anybody has seen of the journal, by run and number. */
  readonly seen = new Map<string, string>();
  /** Numbers under which different things were seen. */
  readonly changed: string[] = [];
  /** Its workers so far. */
  readonly lives: Life[] = [];
  kills = 0;
  outcomes: readonly RunOutcome[] = [];
  /** How often the worker that came to the end has written to the journal. */
  writes = 0;

  constructor(spec: Omit<RunSpec, 'workspace'>, options: MortalOptions = {}) {
    this.#options = options;
    const root = options.root ?? testDirectory('mortal');
    this.directory = join(root, 'data');
    this.#home = subdirectory(root, 'home');
    this.workspace = subdirectory(root, 'workspace');
    mkdirSync(this.directory, { mode: 0o700 });
    if (!options.root) onTestFinished(() => this.sweep());
    const { repository, runs = 1 } = options;
    const workspace = repository ? { worktree: repository } : { directory: this.workspace, shared: runs > 1 };
    this.#spec = { ...spec, workspace };
  }

  /**
   * Lets a worker work until it dies, or until the run has ended. True when it has ended. Throws when a death was ordered
   * and did not come, unless the worker `mayOutlive` it.
   */
  async work(death?: Death, { mayOutlive = false, ...more }: MoreOrders = {}): Promise<boolean> {
    const dies = death && 'afterMs' in death ? undefined : death;
    const place = { directory: this.directory, home: this.#home, spec: this.#spec };
    const orders: Orders = { ...place, ...this.#options, ...more, ...(dies && { dies }) };
    const env = { PATH: process.env.PATH, HOME: this.#home, ...compiled() };
    const worker = spawn(process.execPath, [fakePath('engine-worker.ts'), JSON.stringify(orders)], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stderr = '';
    worker.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-MAX_STDERR);
    });
    const timer = death && 'afterMs' in death ? setTimeout(() => worker.kill('SIGKILL'), death.afterMs) : undefined;
    const ended = new Promise<NodeJS.Signals | number | null>((resolve) =>
      worker.once('close', (code, signal) => resolve(signal ?? code)),
    );
    for await (const line of createInterface({ input: worker.stdout })) this.#see(line);
    clearTimeout(timer);
    const end = await ended;
    if (end === 'SIGKILL') this.kills++;
    this.lives.push({ death, end: String(end), stderr });
    if (death && end !== 'SIGKILL' && !mayOutlive)
      throw new Error(`the worker was to die (${JSON.stringify(death)}), and has ended with ${end}: ${stderr}`);
    return this.outcomes.length > 0;
  }

  /** The runs and their journals, as they are on disk. */
  async read(): Promise<readonly ReadRun[]> {
    await using store = await openSqliteStore(this.directory);
    const read: ReadRun[] = [];
    for (const record of await store.runs.list()) {
      const events: RunEvent[] = [];
      for (let page = await store.journal.read(record.id, 0); page.length > 0; ) {
        events.push(...page);
        page = await store.journal.read(record.id, page.at(-1)?.seq ?? 0);
      }
      read.push({ record, events });
    }
    return read;
  }

  /** Processes and directories of the run that are still there. */
  leftovers(runId: string): number {
    return countMarked(this.#markOf(runId)) + this.#runIds().length;
  }

  /** Ends a codex that nobody would take over. */
  async sweep(): Promise<void> {
    for (const runId of this.#runIds()) await sweepMarked(this.#markOf(runId));
  }

  /** The runs that have a private directory. */
  #runIds(): string[] {
    const runs = join(this.directory, 'runs');
    return existsSync(runs) ? readdirSync(runs) : [];
  }

  #markOf(runId: string): ProcessMark {
    return sessionMark(runId, join(this.directory, 'runs', runId, 'codex'));
  }

  file(name: string): string {
    const path = join(this.workspace, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #see(line: string): void {
    let told: { runId?: string; event?: RunEvent; outcomes?: RunOutcome[]; writes?: number };
    try {
      told = JSON.parse(line);
    } catch {
      return; // it died in the middle of a line
    }
    if (told.outcomes) this.outcomes = told.outcomes;
    if (told.writes) this.writes = told.writes;
    if (!told.event) return;
    const where = `${told.runId} ${told.event.seq}`;
    const before = this.seen.get(where);
    const text = JSON.stringify(told.event);
    const isCompacted = (seen: string) => told.event?.type === 'journal.compacted' && mayBeCompacted(JSON.parse(seen));
    if (before !== undefined && before !== text && !isCompacted(before)) this.changed.push(where);
    this.seen.set(where, text);
  }
}

/** A marker may stand in the place of what says nothing any more, and of nothing else. */
export function mayBeCompacted({ type }: RunEvent): boolean {
  return type === 'item.delta' || type === 'progress';
}
