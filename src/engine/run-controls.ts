import { type Budget, checkBudget } from '../contract/budget.ts';
import type { Answer } from '../contract/request.ts';
import type { RunTurn, SendMessageOptions } from '../contract/run-handle.ts';
import { OptioError } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { SessionControls } from '../task/context.ts';
import type { Cancellation } from './cancellation.ts';
import { checkReason } from './check-reason.ts';
import type { Counters } from './counters.ts';
import type { Dispatcher } from './dispatcher.ts';
import { answerInStore } from './kept-answer.ts';
import type { LiveRun } from './live-run.ts';
import { MessageQueues } from './message-queues.ts';
import type { RunReader } from './run-reader.ts';
import { SentMessages } from './sent-messages.ts';
import { isUnderWay } from './states.ts';

export interface RunControlsOptions {
  readonly store: Pick<Store, 'messages' | 'requests' | 'runs' | 'journal'>;
  readonly dispatcher: Dispatcher;
  readonly cancellation: Cancellation;
  readonly reader: RunReader;
  readonly counters: Counters;
}

/** What can be done to a run: each verb finds the run in this process, or says why it cannot be done. */
export class RunControls {
  /** The messages that wait in each of them. */
  readonly queues: MessageQueues;
  readonly #requests: Store['requests'];
  readonly #dispatcher: Dispatcher;
  readonly #cancellation: Cancellation;
  readonly #reader: RunReader;
  readonly #messages: SentMessages;

  constructor({ store, dispatcher, cancellation, reader, counters }: RunControlsOptions) {
    this.queues = new MessageQueues({ store, dispatcher, reader, counters });
    this.#requests = store.requests;
    this.#dispatcher = dispatcher;
    this.#cancellation = cancellation;
    this.#reader = reader;
    this.#messages = new SentMessages({
      messages: store.messages,
      session: (runId) => this.session(runId),
      lastSeq: (runId) => this.live(runId).journal.lastSeq,
      past: (runId, after) => reader.past(runId, after),
      events: (runId, from) => reader.events(runId, from),
    });
  }

  /** The run, while this process works on it. Throws `conversation-not-ready` otherwise. */
  live(runId: string): LiveRun {
    const live = this.#dispatcher.run(runId)?.live;
    if (live) return live;
    throw new OptioError('conversation-not-ready', `run ${runId} is not under way`, {
      remedy: 'It listens once it is running, and until it ends. One that has ended can be launched once more (retry).',
    });
  }

  /** The same for a run that may be about to be taken up, which is waited for. */
  async #takenUp(runId: string): Promise<LiveRun> {
    const run = this.#dispatcher.run(runId);
    while (run?.isTaken && !run.live) await run.changed;
    return this.live(runId);
  }

  /** The live session of a run; waits while there is none yet. Throws `conversation-not-ready` when none will come. */
  async session(runId: string): Promise<SessionControls> {
    for (;;) {
      const run = this.#dispatcher.run(runId);
      if (!run || this.#dispatcher.isStopped) return this.live(runId).controls; // which throws
      if (run.live?.hasSession) return run.live.controls;
      await Promise.race([run.changed, run.live?.served ?? run.changed]);
    }
  }

  /** Sends a message; see `RunHandle.send`. Throws `conversation-not-ready`, `turn-rejected`, `key-reused`, `invalid-input`. */
  send(runId: string, message: string, options?: SendMessageOptions): Promise<RunTurn> {
    return this.#messages.send(runId, message, options);
  }

  /**
   * Answers an open request: it is on disk when this resolves. The first answer holds, and the same again is fine; throws
   * `not-found` when the request is not open (any more), and `invalid-input` for an answer that is none to it.
   */
  async answer(runId: string, requestId: string, answer: Answer, by: string): Promise<void> {
    const run = this.#dispatcher.run(runId);
    while (run?.isTaken && !run.live) await run.changed; // somebody takes it up just now, and has to know of it
    await (run?.live
      ? run.live.answer(requestId, answer, by)
      : answerInStore(this.#requests, { runId, requestId, answer, by }));
  }

  /**
   * Says that a run is over, and done; nothing more to say of one that is. Waits for its session, and throws
   * `conversation-not-ready` when none will come.
   */
  async finish(runId: string): Promise<void> {
    try {
      (await this.session(runId)).finish();
    } catch (thrown) {
      if ((await this.#reader.find(runId))?.state !== 'done') throw thrown;
    }
  }

  /**
   * Ends the running turn. One that is named goes on while a run is taken up, whose session is waited for then; otherwise there
   * is no turn without a session. Throws `conversation-not-ready`.
   */
  async interrupt(runId: string, { turnId }: { readonly turnId?: string } = {}): Promise<void> {
    const run = this.#dispatcher.run(runId);
    const isTakenUp = run?.isTaken && isUnderWay(run.record.state);
    const controls = turnId !== undefined && isTakenUp ? await this.session(runId) : this.live(runId).controls;
    await controls.interrupt(turnId);
  }

  /**
   * Stops what costs anything, with the turn that runs, until it is resumed; on disk when it resolves. Throws
   * `conversation-not-ready`, `invalid-input`, and `state-changed` when it is not under way.
   */
  async pause(runId: string, message = 'on request'): Promise<void> {
    checkReason('message', message);
    await (await this.#takenUp(runId)).pausing.close({ reason: 'wish', message });
  }

  /** Lets it go on. Throws `conversation-not-ready`, and `budget-reached` or `store-full` while that keeps it paused. */
  async resume(runId: string): Promise<void> {
    await (await this.#takenUp(runId)).pausing.open();
  }

  /** Changes what it may use. Where its budget has paused it, it goes on with that. Throws `conversation-not-ready`, `invalid-input`. */
  async raiseBudget(runId: string, budget: Budget): Promise<void> {
    checkBudget(budget);
    await (await this.#takenUp(runId)).pausing.changeBudget(budget);
  }

  /**
   * Gives the order to stop, to the run and to what it has begun; resolves when that is written down. The first order
   * holds. Does nothing for a run that has ended; throws `not-found`, `invalid-input`.
   */
  async cancel(runId: string, reason: string): Promise<void> {
    checkReason('reason', reason);
    if (!this.#dispatcher.run(runId)) await this.#reader.known(runId);
    await this.#cancellation.cancel(runId, reason);
  }
}
