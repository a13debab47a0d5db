import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { sessionMark } from '../../src/codex/launch.ts';
import type { RunEvent } from '../../src/contract/event.ts';
import type { RunOutcome } from '../../src/contract/outcome.ts';
import type { RunSpec } from '../../src/contract/run-spec.ts';
import { openSqliteStore } from '../../src/store/sqlite.ts';
import type { RunRecord } from '../../src/store/store.ts';
import { subdirectory, testDirectory } from './directories.ts';
import { fakePath } from './fakes.ts';
import { countMarked } from './processes.ts';

/** When a worker dies: at one of its writes of the journal, or so many milliseconds after its begin. */
export type Death =
  | { readonly at: number; readonly when: 'before' | 'within' | 'after' }
  | { readonly afterMs: number };

/** A run whose workers die, one after the other. */
export class MortalRun {
  readonly directory: string;
  readonly workspace: string;
  readonly #home: string;
  readonly #spec: RunSpec;
  /** What anybody has seen of the journal, by number. */
  readonly seen = new Map<number, string>();
  /** Numbers under which different things were seen. */
  readonly changed: number[] = [];
  kills = 0;
  outcome: RunOutcome | undefined;

  constructor(spec: Omit<RunSpec, 'workspace'>) {
    const root = testDirectory('mortal');
    this.directory = join(root, 'data');
    this.#home = subdirectory(root, 'home');
    this.workspace = subdirectory(root, 'workspace');
    mkdirSync(this.directory, { mode: 0o700 });
    this.#spec = { ...spec, workspace: { directory: this.workspace } };
  }

  /** Lets a worker work until it dies, or until the run has ended. True when it has ended. */
  async work(death?: Death): Promise<boolean> {
    const dies = death && 'at' in death ? death : undefined;
    const orders = { directory: this.directory, home: this.#home, spec: this.#spec, ...(dies && { dies }) };
    const env = { PATH: process.env.PATH, HOME: this.#home };
    const worker = spawn(process.execPath, [fakePath('engine-worker.ts'), JSON.stringify(orders)], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const timer = death && 'afterMs' in death ? setTimeout(() => worker.kill('SIGKILL'), death.afterMs) : undefined;
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      worker.once('exit', (_code, signal) => resolve(signal)),
    );
    for await (const line of createInterface({ input: worker.stdout })) this.#see(line);
    clearTimeout(timer);
    if ((await ended) === 'SIGKILL') this.kills++;
    return this.outcome !== undefined;
  }

  /** The run and its journal, as they are on disk. */
  async read(): Promise<{ readonly record: RunRecord; readonly events: readonly RunEvent[] }> {
    await using store = await openSqliteStore(this.directory);
    const [record] = await store.runs.list();
    if (!record) throw new Error('there is no run');
    const events: RunEvent[] = [];
    for (let page = await store.journal.read(record.id, 0); page.length > 0; ) {
      events.push(...page);
      page = await store.journal.read(record.id, page.at(-1)?.seq ?? 0);
    }
    return { record, events };
  }

  /** Processes and directories of the run that are still there. */
  leftovers(runId: string): number {
    const runs = join(this.directory, 'runs');
    const mark = sessionMark(runId, join(runs, runId, 'codex'));
    return countMarked(mark) + (existsSync(runs) ? readdirSync(runs).length : 0);
  }

  file(name: string): string {
    const path = join(this.workspace, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  #see(line: string): void {
    let told: { event?: RunEvent; outcome?: RunOutcome };
    try {
      told = JSON.parse(line);
    } catch {
      return; // it died in the middle of a line
    }
    if (told.outcome) this.outcome = told.outcome;
    if (!told.event) return;
    const { seq } = told.event;
    const before = this.seen.get(seq);
    const text = JSON.stringify(told.event);
    if (before !== undefined && before !== text) this.changed.push(seq);
    this.seen.set(seq, text);
  }
}
