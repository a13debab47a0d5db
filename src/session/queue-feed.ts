import type { CodexConversation } from '../codex/conversation.ts';
import type { QueuedMessage, QueuePauseReason } from '../contract/message-queue.ts';
import type { RunContext } from '../task/context.ts';

export interface QueueFeedOptions {
  readonly context: Pick<RunContext, 'waiting' | 'admitTurn'>;
  readonly conversation: Pick<CodexConversation, 'closed' | 'currentTurnId' | 'isPending' | 'onMessage'>;
  /** Rejects when it was refused, which is written down by then. */
  readonly send: (message: QueuedMessage) => Promise<unknown>;
  /** Told when nothing waits any more, and nothing is under way. */
  readonly onDone: () => void;
}

/**
 * Sends what waits in the queue of a run, one message after the other: each when nothing is under way in its session. What is
 * interrupted holds the rest, and so does what is refused, until a person lets it go on.
 */
export class QueueFeed {
  readonly #options: QueueFeedOptions;
  readonly #stops: readonly (() => void)[];
  /** What there is to be sent first, and what a pause has cut, comes before. */
  #holdUps = 1;
  /** How many messages are being sent, and how many of them have waited here. */
  #sending = 0;
  #queuedSending = 0;
  #isFeeding = false;
  #isOver = false;

  constructor(options: QueueFeedOptions) {
    this.#options = options;
    const { context, conversation } = options;
    this.#stops = [
      context.waiting.onChange(() => this.#look()),
      conversation.onMessage((_text, { status }) => {
        // With a turn that a pause of the run has cut it goes on.
        if (status === 'interrupted' && this.#holdUps === 0 && !this.#isOver) this.#pause('interrupt');
        this.#look();
      }),
    ];
  }

  /** Nothing more comes after a turn that ends now. */
  get isDone(): boolean {
    return this.#options.context.waiting.isEmpty && this.#queuedSending === 0;
  }

  /** Something else comes first, until `goOn` is called for it. */
  holdUp(): void {
    this.#holdUps++;
  }

  goOn(): void {
    this.#holdUps--;
    this.#look();
  }

  /** The session is over. */
  end(): void {
    this.#isOver = true;
    for (const stop of this.#stops) stop();
  }

  /** A message is on its way until this settles. `isQueued`: it has waited here. */
  async follow<T>(sending: () => Promise<T>, isQueued: boolean): Promise<T> {
    this.#sending++;
    if (isQueued) this.#queuedSending++;
    try {
      return await sending();
    } finally {
      this.#sending--;
      if (isQueued) this.#queuedSending--;
      this.#look();
    }
  }

  /** Before a turn is interrupted since somebody said so: what waits does not take its place. */
  async beforeInterrupt(turnId: string | undefined): Promise<void> {
    const { context, conversation } = this.#options;
    const isUnderWay = this.#sending > 0 || conversation.currentTurnId !== null || conversation.isPending();
    const isMeant = turnId === undefined ? isUnderWay : conversation.currentTurnId === turnId;
    if (isMeant) await context.waiting.pause('interrupt');
  }

  #look(): void {
    if (this.#canSend()) void this.#feed();
    else if (this.isDone && this.#isIdle()) this.#options.onDone();
  }

  #isIdle(): boolean {
    const { conversation } = this.#options;
    if (this.#holdUps > 0 || this.#isOver || this.#sending > 0 || conversation.closed) return false;
    return conversation.currentTurnId === null && !conversation.isPending();
  }

  #canSend(): boolean {
    return !this.#isFeeding && this.#isIdle() && this.#options.context.waiting.next !== undefined;
  }

  /** Sends the next one, unless there is none any more when a turn may begin: while the run is paused it waits here. */
  async #feed(): Promise<void> {
    const { context, conversation, send } = this.#options;
    this.#isFeeding = true;
    try {
      await context.admitTurn();
      const next = this.#isIdle() ? context.waiting.next : undefined;
      const giveBack = next && context.waiting.take(next.id, next);
      if (!next || !giveBack) return;
      await this.follow(() => send(next), true)
        .catch(() => {
          if (!conversation.closed) this.#pause('refused');
        })
        .finally(giveBack);
    } catch {
      return; // no turn may begin: the run has failed by that
    } finally {
      this.#isFeeding = false;
    }
    this.#look();
  }

  /** Where that cannot be written down nothing else can. */
  #pause(reason: QueuePauseReason): void {
    this.#options.context.waiting.pause(reason).catch(() => {});
  }
}
