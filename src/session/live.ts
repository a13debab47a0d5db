import { setTimeout as delay } from 'node:timers/promises';
import type { CodexEvent } from '../codex/events.ts';
import type { Turn } from '../codex/turn.ts';
import { endedTurnsOf, messagesOf } from '../contract/so-far.ts';
import { NO_USAGE, type TokenUsage } from '../contract/usage.ts';
import type { RunView } from '../contract/view.ts';
import { fromUnknown } from '../errors.ts';
import { timeLeft } from './deadline.ts';
import { decidingTurnOf, endedTurnOf, hasTurnOfOurs, isLastOurs, isLeftCut, unseenMessagesOf } from './known.ts';
import type { LiveOptions } from './live-options.ts';
import type { Message, Sending } from './narrator.ts';
import { cutTurn, endOfTurn, failed, isThreadFull, type SessionEnd, unexpectedEnd } from './outcome.ts';
import { firstMessageOf, GO_ON, goOnMessageOf, messageAgainOf, queuedMessageOf } from './own-messages.ts';
import { keepPauses } from './pauses.ts';
import { QueueFeed } from './queue-feed.ts';
import { TurnCount } from './turn-count.ts';

/** How long the last turn may take to end when a run is cancelled, in milliseconds; the process is stopped anyway. */
const INTERRUPT_DEADLINE_MS = 5_000;

/** A session in which messages are sent and turns end, until a fact decides that it is over. */
export class LiveSession {
  readonly #options: LiveOptions;
  /** Settled by whoever first knows the end: a turn, a person, a cancellation, the death of codex. */
  readonly #end = Promise.withResolvers<SessionEnd>();
  readonly #count: TurnCount;
  readonly #feed: QueueFeed;
  /** How it ends unless something more comes of its queue. */
  #endSoFar: SessionEnd | undefined;
  #hasFailedTurn = false;
  /** It is over for another reason than the death of codex. */
  #isFinished = false;
  #isThreadFull = false;
  /** This attempt has asked Codex to go on. */
  #hasAsked = false;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#count = new TurnCount(options.before ? endedTurnsOf(options.before).length : 0);
    this.#feed = new QueueFeed({
      context: options.context,
      conversation: options.conversation,
      send: (message) =>
        this.#send(queuedMessageOf(options.config, message), { messageId: message.id, isQueued: true }),
      onDone: () => this.#endSoFar && this.#finishBy(this.#endSoFar),
    });
    options.narrator.goesOn = () => options.config.endRule !== 'firstTurn' && !this.#isFinished;
    options.narrator.onFault = (why) => this.finish(failed(why));
    options.conversation.onEvent((event) => this.#onClosed(event));
  }

  /** How many turns with messages of ours have ended. */
  get turns(): number {
    return this.#count.ended;
  }

  /** The answer of the last of them. */
  get text(): string {
    return this.#count.text;
  }

  /** Of the whole thread. */
  get usage(): TokenUsage {
    return this.#options.narrator.usage ?? this.#options.before?.usage ?? NO_USAGE;
  }

  /** It has ended in the middle of a turn of ours, or because of one. */
  get isUnfinished(): boolean {
    return this.#hasFailedTurn || this.#count.isRunning;
  }

  /** Nothing more can come of the thread. */
  get isThreadFull(): boolean {
    return this.#isThreadFull;
  }

  /** It is over, for a reason that lies outside of it. */
  finish(end: SessionEnd): void {
    this.#isFinished = true;
    if (!this.#options.context.detached.aborted) this.#options.context.waiting.close();
    this.#end.resolve(end);
  }

  /** Sends what is to be sent, and resolves with the end. */
  async converse(): Promise<SessionEnd> {
    const { context, conversation } = this.#options;
    const cancel = () => this.finish({ status: 'cancelled' });
    const leave = () => this.finish({ status: 'failed' }); // which nobody is told: another process goes on
    if (context.detached.aborted) leave();
    context.signal.addEventListener('abort', cancel, { once: true });
    context.detached.addEventListener('abort', leave, { once: true });
    let started: Promise<void> | undefined; // what there was to send before has been sent, and comes first
    const takeBack = context.serve({
      send: async (text, { steer, messageId, images = [] }) => {
        const taken = messageId === undefined ? undefined : context.waiting.take(messageId, { text, images });
        const after = steer ? undefined : started?.catch(() => {});
        const sending = () => this.#send({ text, steer, images: [...images] }, { messageId, after });
        const turn = await this.#feed.follow(sending, taken !== undefined).finally(taken);
        return { turnId: turn.id };
      },
      interrupt: async (turnId) => {
        await this.#feed.beforeInterrupt(turnId);
        await conversation.interrupt({ turnId });
      },
      finish: () => this.finish({ status: 'done' }),
      requestModelChange: (model) => conversation.requestModelChange(model),
      requestEffortChange: (effort) => conversation.requestEffortChange(effort),
    });
    try {
      context.signal.throwIfAborted();
      await context.begin();
      this.#endInTime();
      started = this.#start();
      started.then(() => this.#feed.goOn()).catch((thrown) => this.finish(failed(fromUnknown(thrown))));
      this.#keepPauses();
      const end = await this.#end.promise;
      await this.#options.narrator.settled();
      return end;
    } finally {
      takeBack();
      this.#feed.end();
      context.signal.removeEventListener('abort', cancel);
      context.detached.removeEventListener('abort', leave);
      const hurry = delay(INTERRUPT_DEADLINE_MS, undefined, { ref: false });
      if (!conversation.closed && !conversation.isSilent && !context.detached.aborted)
        await Promise.race([conversation.interrupt().catch(() => {}), hurry]);
    }
  }

  #keepPauses(): void {
    const { context, conversation } = this.#options;
    const goOn = async () => {
      await this.#goOnAfterPause();
      this.#feed.goOn();
    };
    const pauses = { context, conversation, over: this.#end.promise, onPause: () => this.#feed.holdUp(), goOn };
    keepPauses(pauses).catch((thrown) => this.#finishBy(failed(fromUnknown(thrown))));
  }

  async #start(): Promise<void> {
    const { config, before } = this.#options;
    if (before) await this.#goOn(before);
    const hasBegun = this.#hasAsked || (before !== undefined && Object.keys(before.messages).length > 0);
    if (config.autoStart && !hasBegun) await this.#send(firstMessageOf(this.#options.config));
  }

  #endInTime(): void {
    const { config, context } = this.#options;
    const left = timeLeft(config.endRule, context.ageMs);
    if (left === undefined) return;
    const timer = setTimeout(() => this.finish({ status: 'done' }), left);
    void this.#end.promise.then(() => clearTimeout(timer));
  }

  /** Goes on with what a pause has cut. */
  async #goOnAfterPause(): Promise<void> {
    const { cutTurnId } = await this.#options.context.history();
    if (cutTurnId !== null) await this.#send(goOnMessageOf(this.#options.config));
  }

  /** Where another process had to leave it: its turns end here, and its messages are sent again that never arrived. */
  async #goOn(before: RunView): Promise<void> {
    const { config, conversation, narrator, isRelaunched, nextAttempt, threadId } = this.#options;
    const isFirst = config.endRule === 'firstTurn';
    const turnsBefore = nextAttempt?.turnsBefore;
    const deciding = isFirst ? decidingTurnOf(before, turnsBefore) : undefined;
    const ended = deciding ?? endedTurnOf(before, 'last', turnsBefore);
    if (ended) this.#count.takeUp(ended);
    const end = deciding && endOfTurn(deciding, config.outputSchema !== undefined);
    if (end && this.#decide(end)) return;
    // Turns of the attempt before are cut, and decide nothing any more.
    if (!nextAttempt?.isNew) for (const turn of conversation.adopted) this.#follow(turn, isRelaunched);
    let [isCut, isSentAgain] = [nextAttempt?.isUnfinished === true, false];
    if (isCut && isLastOurs(before)) await this.#askToGoOn(before);
    for (const [messageId, message] of unseenMessagesOf(before)) {
      if (message.text === GO_ON && conversation.threadId !== threadId) continue; // it would not know with what
      const { turn, hadArrived } = await narrator.sendAgain(messageId, messageAgainOf(config, message), !isRelaunched);
      if (turn) this.#follow(turn);
      if (hadArrived)
        isCut ||= nextAttempt?.isNew === true; // and its turn died with its codex
      else isSentAgain = true;
    }
    if (isCut && !isSentAgain) await this.#askToGoOn(before);
    if (before.cutTurnId !== null && before.pause === null && !nextAttempt?.isNew) await this.#goOnAfterPause();
    const wasRefused = nextAttempt && messagesOf(before)[0]?.[1].state === 'refused';
    if (wasRefused && config.autoStart) await this.#sendOnce(before, firstMessageOf(config));
    if (isFirst && !this.#hasAsked && !this.#count.isRunning && isLeftCut(before, turnsBefore))
      this.#finishBy(failed(cutTurn()));
  }

  /** After an attempt that has failed; a new thread, which knows of nothing, gets the task anew. */
  async #askToGoOn(before: RunView): Promise<void> {
    const { config, conversation, threadId } = this.#options;
    const isKnown = conversation.threadId === threadId;
    if (!isKnown && !config.autoStart) return;
    await this.#sendOnce(before, isKnown ? goOnMessageOf(this.#options.config) : firstMessageOf(this.#options.config));
  }

  /** Sends a message of ours, unless something is under way, or was since the attempt before has failed. */
  async #sendOnce(before: RunView, message: Message): Promise<void> {
    const { narrator, nextAttempt } = this.#options;
    if (!nextAttempt || this.#hasAsked || this.#count.isRunning) return;
    if (before.messages[nextAttempt.messageId] || hasTurnOfOurs(before, nextAttempt.turnsBefore)) return;
    this.#hasAsked = true;
    this.#follow(await narrator.send(message, { messageId: nextAttempt.messageId }));
  }

  async #send(message: Message, sending?: Sending): Promise<Turn> {
    return this.#follow(await this.#options.narrator.send(message, sending));
  }

  /**
   * Counts a turn when it has ended, and ends the run with it where that is the rule. `isCut`: it was one of a codex that
   * has died.
   */
  #follow(turn: Turn, isCut = false): Turn {
    this.#endSoFar = undefined;
    const { endRule, outputSchema } = this.#options.config;
    this.#count.follow(turn, (result) => {
      this.#options.onTurn(result);
      if (endRule !== 'firstTurn') return;
      const wasCut = isCut && result.status === 'interrupted';
      const end = wasCut ? failed(cutTurn()) : endOfTurn(result, outputSchema !== undefined);
      this.#isThreadFull = result.status === 'failed' && isThreadFull(result);
      if (end) this.#decide(end);
    });
    return turn;
  }

  /** Ends it, unless it went well so far and something waits to be sent yet: true when it is over. */
  #decide(end: SessionEnd): boolean {
    if (end.status === 'done' && !this.#feed.isDone) {
      this.#endSoFar = end;
      return false;
    }
    this.#finishBy(end);
    return true;
  }

  /** A turn has decided that it is over. */
  #finishBy(end: SessionEnd): void {
    this.#hasFailedTurn = end.status === 'failed';
    this.finish(end);
  }

  #onClosed(event: CodexEvent): void {
    if (!('type' in event) || event.type !== 'x-optio-closed') return;
    this.#end.resolve(failed(unexpectedEnd(this.#options.conversation.endReason, event)));
  }
}
