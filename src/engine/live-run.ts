import type { RunEventBody } from '../contract/event.ts';
import { applyEvent } from '../contract/reducer.ts';
import {
  type Answer,
  asksForSecrets,
  checkAnswer,
  type Request,
  refusalOf,
  withoutSecrets,
} from '../contract/request.ts';
import { createRunView, type RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Requests, RunRecord } from '../store/store.ts';
import type { GivenAnswer, RunContext, RunDirectories, SessionControls } from '../task/context.ts';
import type { LiveJournal } from './live-journal.ts';
import { ProgressTold } from './progress.ts';
import { sourcesOf } from './states.ts';

export interface LiveRunOptions {
  readonly record: RunRecord;
  readonly journal: LiveJournal;
  readonly requests: Requests;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly env: RunContext['env'];
  readonly trace: RunContext['trace'];
}

interface OpenAsk {
  readonly request: Request;
  readonly given: PromiseWithResolvers<GivenAnswer>;
}

/** A run that this process works on: what its task sees, and what others may do to it. */
export class LiveRun implements RunContext {
  readonly runId: string;
  readonly taskId: string;
  readonly attempt: number;
  readonly params: unknown;
  readonly host: Host;
  readonly directories: RunDirectories;
  readonly env: RunContext['env'];
  readonly trace: RunContext['trace'];
  readonly journal: LiveJournal;
  /** What it says of how far it is. */
  readonly told: ProgressTold = new ProgressTold((event) => this.emit(event));
  checkpoint: unknown;
  readonly #requests: Requests;
  readonly #asks = new Map<string, OpenAsk>();
  readonly #cancel = new AbortController();
  readonly #detach = new AbortController();
  #controls: SessionControls | undefined;
  #hasBegun: boolean;

  constructor({ record, journal, requests, host, directories, env, trace }: LiveRunOptions) {
    this.runId = record.id;
    this.taskId = record.taskId;
    this.attempt = record.attempt;
    this.params = record.params;
    this.checkpoint = record.checkpoint;
    this.journal = journal;
    this.host = host;
    this.directories = directories;
    this.env = env;
    this.trace = trace;
    this.#requests = requests;
    // Another process had begun it, and it was under way or on its end when that died.
    this.#hasBegun = record.state === 'running' || record.state === 'cancelling';
  }

  get signal(): AbortSignal {
    return this.#cancel.signal;
  }

  get detached(): AbortSignal {
    return this.#detach.signal;
  }

  emit(event: RunEventBody): void {
    this.journal.emit(event);
  }

  progress(percent: number | null, message?: string): void {
    this.told.set(percent, message);
  }

  written(): Promise<void> {
    return this.journal.written();
  }

  async history(): Promise<RunView> {
    await this.journal.written();
    const view = createRunView();
    for await (const event of this.journal.past()) applyEvent(view, event);
    return view;
  }

  async saveCheckpoint(checkpoint: unknown): Promise<void> {
    this.checkpoint = checkpoint;
    await this.journal.change({ change: { checkpoint } });
  }

  async ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer> {
    const open: OpenAsk = { request, given: Promise.withResolvers() };
    this.#asks.set(request.id, open);
    const withdraw = () => this.#withdraw(request.id, withdrawn.reason);
    withdrawn.addEventListener('abort', withdraw, { once: true });
    if (withdrawn.aborted) withdraw();
    else await this.#open(open);
    return open.given.promise;
  }

  serve(controls: SessionControls): () => void {
    this.#controls = controls;
    return () => {
      if (this.#controls === controls) this.#controls = undefined;
    };
  }

  /** The live session. Throws `conversation-not-ready` while there is none. */
  get controls(): SessionControls {
    if (this.#controls) return this.#controls;
    throw new OptioError('conversation-not-ready', `run ${this.runId} has no live session`, {
      remedy: 'A session takes messages once the run is running, and until it ends.',
    });
  }

  /**
   * Answers an open request: it is on disk when this resolves. The first answer holds; throws `not-found` when the
   * request is not open (any more), and `invalid-input` for an answer that is none to it.
   */
  async answer(requestId: string, answer: Answer, by: string): Promise<void> {
    const open = this.#asks.get(requestId);
    if (open) checkAnswer(open.request, answer);
    const kept = open && withoutSecrets(open.request, answer);
    if (!kept || !(await this.#requests.answer(this.runId, requestId, { answer: kept, by }))) {
      throw new OptioError('not-found', `the request ${requestId} is not open (any more)`);
    }
    this.#settle(open, { answer, by }, kept);
  }

  async begin(): Promise<void> {
    if (this.#hasBegun) return;
    await this.journal.change({
      change: { state: 'running' },
      from: sourcesOf('running'),
      events: [{ type: 'run.state', state: 'running' }],
    });
    this.#hasBegun = true;
  }

  /** Gives the order to stop. */
  cancel(reason: string): void {
    this.#cancel.abort(new OptioError('aborted', reason));
  }

  /** Leaves it to whoever takes it over; nothing that is told from now on is written. */
  detach(reason: OptioError): void {
    this.#detach.abort(reason);
    this.journal.close();
  }

  /** A request that was open when another process died is asked again by Codex: it is the same one. */
  async #open(open: OpenAsk): Promise<void> {
    const { request } = open;
    const before = await this.#requests.find(this.runId, request.id);
    if (before?.state === 'answered' && before.answer && before.by) {
      // Of a secret there is nothing left but that it was given: the agent has to ask for it again.
      const answer = asksForSecrets(request) ? refusalOf(request, 'it was lost') : before.answer;
      this.#settle(open, { answer, by: before.by }, before.answer);
    } else if (before?.state !== 'open') {
      this.emit({ type: 'request.opened', request });
      await this.journal.written({ isDurable: true });
    }
  }

  #settle(open: OpenAsk, given: GivenAnswer, kept: Answer): void {
    if (!this.#asks.delete(open.request.id)) return;
    this.emit({ type: 'request.answered', requestId: open.request.id, answer: kept, by: given.by });
    open.given.resolve(given);
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
