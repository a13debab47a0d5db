import type { RunEvent, RunEventBody } from '../contract/event.ts';
import type { RunOutcome } from '../contract/outcome.ts';
import { applyEvent } from '../contract/reducer.ts';
import { type Answer, checkAnswer, type Request, withoutSecrets } from '../contract/request.ts';
import { createRunView, type RunView } from '../contract/view.ts';
import { fromUnknown, LaunchRefused, OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { DirectoryTaken, GivenAnswer, RunContext, RunDirectories, SessionControls } from './context.ts';
import { type Logins, NO_LOGINS } from './logins.ts';
import { takeInMemory } from './memory-directories.ts';
import { progressOf } from './progress.ts';
import { toOutcome } from './result.ts';
import type { Task } from './task.ts';
import { NOTHING_WAITS } from './waiting-messages.ts';

export interface MemoryRunOptions {
  readonly runId: string;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly taskId?: string;
  readonly env?: RunContext['env'];
  readonly trace?: RunContext['trace'];
  /** The saved logins (none). */
  readonly logins?: Logins;
  readonly params?: unknown;
  /** How much of the journal is kept, roughly, in characters (128 Mi); beyond it the older half goes. */
  readonly maxJournalSize?: number;
}

const MAX_JOURNAL_SIZE = 128 * 1024 * 1024;

interface OpenAsk {
  readonly request: Request;
  readonly given: PromiseWithResolvers<GivenAnswer>;
}

/** A run whose journal is kept in memory and is gone with the process: for tests, and for single runs. */
export class MemoryRun implements RunContext {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt = 1;
  readonly scheduledFor = null;
  readonly waiting = NOTHING_WAITS;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly env: RunContext['env'];
  readonly trace: RunContext['trace'];
  readonly logins: Logins;
  readonly params: unknown;
  checkpoint: unknown = null;
  /** It lives and dies with this process. */
  readonly detached: AbortSignal = new AbortController().signal;
  readonly #maxJournalSize: number;
  readonly #journal: RunEvent[] = [];
  /** How many events at the beginning of the journal are gone. */
  #gone = 0;
  #size = 0;
  readonly #since = performance.now();
  readonly #asks = new Map<string, OpenAsk>();
  readonly #cancel = new AbortController();
  /** Resolved and made anew with each event: what readers wait for who have read everything. */
  #grown = Promise.withResolvers<void>();
  #controls: SessionControls | undefined;
  #leaveDirectory = () => {};

  constructor(options: MemoryRunOptions) {
    this.runId = options.runId;
    this.taskId = options.taskId ?? options.runId;
    this.host = options.host;
    this.directories = options.directories;
    this.env = options.env ?? process.env;
    this.trace = options.trace;
    this.logins = options.logins ?? NO_LOGINS;
    this.params = options.params ?? null;
    this.#maxJournalSize = options.maxJournalSize ?? MAX_JOURNAL_SIZE;
  }

  get ageMs(): number {
    return Math.round(performance.now() - this.#since);
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  /** Executes a task as this run, from its first state to its end, which is the last event. Never rejects. */
  async execute(task: Pick<Task, 'execute' | 'tellsBegin'>): Promise<RunOutcome> {
    const started = performance.now();
    this.emit({ type: 'run.state', state: 'starting' });
    let outcome: RunOutcome;
    try {
      if (!task.tellsBegin) await this.begin();
      outcome = toOutcome(await task.execute(this));
    } catch (thrown) {
      const { code, message, remedy } = fromUnknown(thrown);
      outcome = toOutcome({ status: 'failed', error: { code, message, ...(remedy && { remedy }) } });
    }
    outcome.durationMs ||= Math.round(performance.now() - started);
    if (!this.hasEnded) this.emit({ type: 'run.ended', outcome });
    return outcome;
  }

  emit(event: RunEventBody): void {
    this.#journal.push({ ...event, seq: this.#gone + this.#journal.length + 1, at: new Date().toISOString() });
    this.#size += event.type === 'item.delta' ? event.delta.length + 200 : JSON.stringify(event).length;
    if (this.#size > this.#maxJournalSize) this.#forgetOlderHalf();
    this.#grown.resolve();
    this.#grown = Promise.withResolvers();
  }

  async begin(): Promise<void> {
    this.emit({ type: 'run.state', state: 'running' });
  }

  progress(percent: number | null, message?: string): void {
    this.emit({ type: 'progress', ...progressOf(percent, message) });
  }

  /** It has one attempt. */
  isTriedAgain(): boolean {
    return false;
  }

  /** It sees other runs of its kind in this process, and no others. */
  async takeDirectory(path: string, { isShared }: { readonly isShared: boolean }): Promise<DirectoryTaken> {
    const { runId, host } = this;
    const taken = takeInMemory({ runId, host: host.name, path, since: new Date().toISOString(), isShared });
    if (taken.isTaken) this.#leaveDirectory = taken.leave;
    return taken;
  }

  async leaveDirectory(): Promise<void> {
    this.#leaveDirectory();
  }

  /** Nobody pauses it. */
  readonly isPaused = false;

  whenPaused(): Promise<void> {
    return new Promise(() => {});
  }

  atRest(): void {}

  async whenRunning(): Promise<void> {}

  async admitTurn(): Promise<void> {}

  async written(): Promise<void> {}

  async history(): Promise<RunView> {
    return structuredClone(this.#journal).reduce(applyEvent, createRunView());
  }

  async saveCheckpoint(checkpoint: unknown): Promise<void> {
    this.checkpoint = checkpoint;
  }

  /** Children are runs of their own, which takes somebody who launches them. */
  async runChild(): Promise<never> {
    throw new LaunchRefused('not-launchable', `the run ${this.runId} is kept in memory and begins no children`, {
      remedy: 'Launch it with the engine.',
    });
  }

  async runChildren(): Promise<never> {
    return this.runChild();
  }

  ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer> {
    const given = Promise.withResolvers<GivenAnswer>();
    this.#asks.set(request.id, { request, given });
    this.emit({ type: 'request.opened', request });
    const withdraw = () => this.#withdraw(request.id, withdrawn.reason);
    withdrawn.addEventListener('abort', withdraw, { once: true });
    if (withdrawn.aborted) withdraw();
    return given.promise;
  }

  serve(controls: SessionControls): () => void {
    this.#controls = controls;
    return () => {
      if (this.#controls === controls) this.#controls = undefined;
    };
  }

  /**
   * The events after this number, past and to come, until the run has ended. Throws `not-found` when they are not kept
   * any more, which happens to a reader that falls behind by some hundred megabytes.
   */
  async *events(options: { after?: number } = {}): AsyncIterable<RunEvent> {
    for (let at = options.after ?? 0; ; ) {
      const grown = this.#grown.promise;
      if (at < this.#gone)
        throw new OptioError('not-found', `event ${at + 1} of run ${this.runId} is not kept any more`);
      const event = this.#journal[at - this.#gone];
      if (event) {
        at = event.seq;
        yield event;
      } else if (this.hasEnded) return;
      else await grown;
    }
  }

  /**
   * Answers an open request. The first answer holds; throws `not-found` when the request is not open (any more), and
   * `invalid-input` for an answer that is none to it.
   */
  answer(requestId: string, answer: Answer, by: string): void {
    const open = this.#asks.get(requestId);
    if (!open) throw new OptioError('not-found', `the request ${requestId} is not open (any more)`);
    checkAnswer(open.request, answer);
    this.#asks.delete(requestId);
    this.emit({ type: 'request.answered', requestId, answer: withoutSecrets(open.request, answer), by });
    open.given.resolve({ answer, by });
  }

  /** The live session. Throws `conversation-not-ready` while there is none. */
  get controls(): SessionControls {
    if (this.#controls) return this.#controls;
    throw new OptioError('conversation-not-ready', `run ${this.runId} has no live session`, {
      remedy: 'A session takes messages once the run is running, and until it ends.',
    });
  }

  /** The end is told, and nothing comes after it. */
  get hasEnded(): boolean {
    return this.#journal.at(-1)?.type === 'run.ended';
  }

  /** Gives the order to stop. */
  cancel(reason: string): void {
    this.#cancel.abort(new OptioError('aborted', reason));
  }

  #forgetOlderHalf(): void {
    this.#gone += this.#journal.splice(0, Math.floor(this.#journal.length / 2)).length;
    this.#size = JSON.stringify(this.#journal).length;
  }

  #withdraw(requestId: string, why: unknown): void {
    const open = this.#asks.get(requestId);
    if (!open) return;
    this.#asks.delete(requestId);
    const reason = why instanceof OptioError ? 'sessionEnded' : 'resolvedElsewhere';
    this.emit({ type: 'request.closed', requestId, reason });
    open.given.promise.catch(() => {});
    open.given.reject(new OptioError('aborted', 'the request needs no answer any more'));
  }
}
