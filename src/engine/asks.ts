import { setTimeout as delay } from 'node:timers/promises';
import type { RunEventBody } from '../contract/event.ts';
import { type Answer, asksForSecrets, type Request, refusalOf } from '../contract/request.ts';
import { openRequests, type RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { Host } from '../hosts/host.ts';
import type { Requests } from '../store/store.ts';
import type { GivenAnswer } from '../task/context.ts';
import { answerInStore, type KeptAnswer } from './kept-answer.ts';
import { EXPIRY, expired, OpenedRequests, type RequestsOfTask } from './opened-requests.ts';

export interface AsksOptions {
  readonly runId: string;
  readonly taskId: string;
  readonly task: RequestsOfTask;
  readonly host: Host;
  readonly requests: Requests;
  readonly journal: {
    emit(event: RunEventBody): void;
    written(options?: { readonly isDurable?: boolean }): Promise<void>;
  };
  /** The run has failed, whatever its task says. */
  readonly fail: (why: OptioError) => void;
}

interface Ask {
  readonly request: Request;
  readonly given: PromiseWithResolvers<GivenAnswer>;
  /** How many answers to it are being written down. */
  answering: number;
  /** It has an answer, which is told, or is about to be. */
  isAnswered?: boolean;
  /** It needs no answer any more, for this reason. */
  closedFor?: 'sessionEnded' | 'resolvedElsewhere';
}

/** Before the store is asked again that could not be read, in milliseconds. */
const RETRY_MS = 1_000;

/** What the task of a run asks: each request is written down before anybody is told, and answered once. */
export class Asks {
  readonly #options: AsksOptions;
  readonly #opened: OpenedRequests;
  readonly #open = new Map<string, Ask>();
  /** Requests that were answered before we came, and the journal tells so by now; Codex may repeat them all the same. */
  readonly #told = new Set<string>();
  readonly #left = new AbortController();
  /** Answers that are being written down. */
  readonly #answering = new Set<Promise<unknown>>();

  constructor(options: AsksOptions) {
    this.#options = options;
    this.#opened = new OpenedRequests({
      ...options,
      answer: (requestId, answer, by) => this.answer(requestId, answer, by),
      emit: (event) => options.journal.emit(event),
    });
  }

  /** See `RunContext.ask`. A task need not wait for the answer. */
  ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer> {
    const given = this.#ask(request, withdrawn);
    given.catch(() => {});
    return given;
  }

  async #ask(request: Request, withdrawn: AbortSignal): Promise<GivenAnswer> {
    const ask: Ask = { request, given: Promise.withResolvers(), answering: 0 };
    this.#open.set(request.id, ask);
    const withdraw = () => this.#withdraw(ask, withdrawn.reason);
    withdrawn.addEventListener('abort', withdraw, { once: true });
    if (withdrawn.aborted) withdraw();
    else await this.#begin(ask);
    return ask.given.promise;
  }

  /**
   * Answers an open request: it is on disk when this resolves. The first answer holds, and the same again is fine; throws
   * `not-found` when the request is not open (any more), and `invalid-input` for an answer that is none to it.
   */
  async answer(requestId: string, answer: Answer, by: string): Promise<void> {
    const answering = this.#answer(requestId, { answer, by });
    this.#answering.add(answering);
    await answering.finally(() => this.#answering.delete(answering));
  }

  async #answer(requestId: string, { answer, by }: GivenAnswer): Promise<void> {
    const { runId, requests } = this.#options;
    const asked = this.#open.get(requestId);
    if (asked) asked.answering++;
    let given: KeptAnswer | undefined;
    try {
      given = await answerInStore(requests, { runId, requestId, answer, by }, asked?.request);
    } finally {
      if (asked) asked.answering--;
      if (asked && given) asked.isAnswered = true;
      if (given?.isNew) this.#answered(requestId, { answer, by }, given.kept);
      else if (asked) this.#tellClosed(asked);
    }
  }

  #answered(requestId: string, given: GivenAnswer, kept: Answer): void {
    const ask = this.#open.get(requestId);
    if (ask) {
      this.#settle(ask, given, kept);
      return;
    }
    // Codex has not asked again yet since another process died, and gets it when it does; or it needs none any more.
    this.#told.add(requestId);
    this.#options.journal.emit({ type: 'request.answered', requestId, answer: kept, by: given.by });
  }

  /** Tells what another process, which has died, could not tell any more of the requests that it had opened. */
  async resume(before: RunView): Promise<void> {
    const { runId, requests, journal } = this.#options;
    for (const request of openRequests(before)) {
      const found = await requests.find(runId, request.id);
      if (found?.state !== 'answered' || !found.answer || !found.by) continue;
      this.#told.add(request.id);
      journal.emit({ type: 'request.answered', requestId: request.id, answer: found.answer, by: found.by });
      if (found.by === EXPIRY) this.#failByExpiry(request.id);
    }
    for (const { request, state, by } of Object.values(before.requests)) {
      if (state === 'answered') this.#told.add(request.id);
      if (by === EXPIRY) this.#failByExpiry(request.id);
    }
  }

  /** Nobody is asked any more: what is open still, be it from another process, is closed. */
  async end(): Promise<void> {
    const { runId, requests, journal } = this.#options;
    for (const ask of [...this.#open.values()]) this.#withdraw(ask, new OptioError('aborted', 'the run has ended'));
    this.#opened.close();
    await Promise.allSettled(this.#answering);
    await journal.written();
    for (const { request } of await requests.open(runId))
      journal.emit({ type: 'request.closed', requestId: request.id, reason: 'sessionEnded' });
  }

  /** Leaves them as they are, to whoever takes the run over. */
  leave(): void {
    this.#left.abort();
    this.#opened.close();
  }

  /** A request that was open when another process died is asked again by Codex: it is the same one. */
  async #begin(ask: Ask): Promise<void> {
    const { runId, requests, journal } = this.#options;
    const { request } = ask;
    const before = await this.#read(() => requests.find(runId, request.id));
    if (before?.state === 'answered' && before.answer && before.by) {
      // Of a secret there is nothing left but that it was given: the agent has to ask for it again.
      const answer = asksForSecrets(request) ? refusalOf(request, 'it was lost') : before.answer;
      this.#settle(ask, { answer, by: before.by }, before.answer);
      return;
    }
    const isNew = before?.state !== 'open';
    if (isNew) {
      this.#told.delete(request.id);
      journal.emit({ type: 'request.opened', request });
      await journal.written({ isDurable: true });
    }
    const openedAt = isNew ? new Date().toISOString() : before.openedAt;
    if (this.#open.get(request.id) === ask) void this.#opened.opened(request, openedAt, isNew);
  }

  #settle(ask: Ask, given: GivenAnswer, kept: Answer): void {
    const requestId = ask.request.id;
    if (!this.#open.delete(requestId)) return;
    this.#opened.settled(requestId);
    const isTold = this.#told.has(requestId);
    if (!isTold) this.#options.journal.emit({ type: 'request.answered', requestId, answer: kept, by: given.by });
    // Codex is not told of it: it would go on, and might end well before the failure is written down.
    if (given.by === EXPIRY && this.#opened.failsOnExpiry) this.#failByExpiry(requestId);
    else ask.given.resolve(given);
  }

  #failByExpiry(requestId: string): void {
    if (this.#opened.failsOnExpiry) this.#options.fail(expired(requestId));
  }

  #withdraw(ask: Ask, why: unknown): void {
    const { request, given } = ask;
    given.promise.catch(() => {});
    given.reject(new OptioError('aborted', 'the request needs no answer any more'));
    if (this.#open.get(request.id) !== ask) return;
    this.#open.delete(request.id);
    this.#opened.settled(request.id);
    ask.closedFor = why instanceof OptioError ? 'sessionEnded' : 'resolvedElsewhere';
    this.#tellClosed(ask);
  }

  /** An answer that somebody is giving just now comes first: he is told that it counts. */
  #tellClosed({ request, answering, isAnswered, closedFor: reason }: Ask): void {
    if (reason && answering === 0 && !isAnswered)
      this.#options.journal.emit({ type: 'request.closed', requestId: request.id, reason });
  }

  /** Reads until that succeeds: what cannot be read is no answer. */
  async #read<T>(act: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await act();
      } catch (thrown) {
        if (this.#left.signal.aborted) throw thrown;
        await delay(RETRY_MS, undefined, { signal: this.#left.signal, ref: false }).catch(() => {});
      }
    }
  }
}
