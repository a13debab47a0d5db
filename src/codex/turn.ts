import { answerOf } from '../contract/answer.ts';
import type { TurnStatus } from '../contract/event.ts';
import { type TokenUsage, usageSince } from '../contract/usage.ts';
import type { OptioError } from '../errors.ts';
import { Newest } from './newest.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import type { Turn as WireTurn } from './protocol/v2/Turn.ts';

/** How a turn ended. */
export interface TurnResult {
  readonly id: string;
  readonly status: TurnStatus;
  /** The agent's answer: its last message, or the ones that it marked as the answer. Empty when it gave none. */
  readonly text: string;
  /** Everything the agent said in this turn, message by message, the answer included. */
  readonly messages: readonly string[];
  readonly usage: TokenUsage;
  /** Why it failed, as Codex tells it. */
  readonly error: WireTurn['error'];
}

/** A turn that Codex has accepted. */
export interface Turn {
  readonly id: string;
  /** How it ended; rejects only when the conversation ends first. */
  readonly completed: Promise<TurnResult>;
}

type AgentMessage = Pick<Extract<ThreadItem, { type: 'agentMessage' }>, 'text' | 'phase'>;

export interface RetryOptions {
  /** How long Codex may go on asking the model again without success, in milliseconds. */
  readonly retryDeadlineMs: number;
  /** Codex gives no sign of life: whatever time it has begins anew. */
  readonly isSilent?: () => boolean;
  /** Ends a turn that has tried for too long. */
  readonly giveUp: (turn: RunningTurn, why: string) => void;
}

/** A turn from its first sign of life to its end. */
export class RunningTurn implements Turn {
  readonly id: string;
  /** Commands that were started and have not ended. */
  readonly commands = new Set<string>();
  /** One of our messages is in it. */
  isOurs = false;
  /** The message that we started it with. */
  messageId: string | undefined;
  /** We asked for the end of it: what it leaves running is to be stopped. */
  stopsCommands = false;
  readonly #messages = new Newest<AgentMessage>();
  readonly #usageBefore: TokenUsage;
  readonly #started = Promise.withResolvers<void>();
  readonly #toldOver = Promise.withResolvers<void>();
  readonly #completed = Promise.withResolvers<TurnResult>();
  readonly #retryOptions: RetryOptions;
  #retryTimer: NodeJS.Timeout | undefined;
  /** Why we ended it ourselves. */
  #givenUp: TurnResult['error'] = null;
  #isEnded = false;

  constructor(id: string, usageBefore: TokenUsage, retryOptions: RetryOptions) {
    this.id = id;
    this.#usageBefore = usageBefore;
    this.#retryOptions = retryOptions;
    this.#completed.promise.catch(() => {}); // nobody has to wait for a turn
  }

  get completed(): Promise<TurnResult> {
    return this.#completed.promise;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Resolves when the turn has ended, however it did. */
  async over(): Promise<void> {
    await Promise.allSettled([this.#completed.promise]);
  }

  /** Resolves when the turn is known to have begun, or has ended. */
  async begun(): Promise<void> {
    await Promise.race([this.#started.promise, this.over()]);
  }

  /** Resolves when its end was told, which may be before it counts: it waits for whose turn it was. */
  get toldOver(): Promise<void> {
    return Promise.race([this.#toldOver.promise, this.over()]);
  }

  tellOver(): void {
    this.#toldOver.resolve();
  }

  start(): void {
    this.#started.resolve();
  }

  /** Codex asks the model again. Some failures it would retry for ever, such as a host that refuses connections. */
  retry(error: NonNullable<TurnResult['error']>): void {
    this.#retryTimer ??= setTimeout(() => {
      if (this.#retryOptions.isSilent?.()) {
        this.#retryTimer = undefined;
        this.retry(error);
        return;
      }
      const seconds = Math.round(this.#retryOptions.retryDeadlineMs / 1000);
      // The message only counts the attempts; what went wrong stands in the details.
      const why = `given up after ${seconds} s without an answer of the model: ${error.additionalDetails ?? error.message}`;
      this.#givenUp = { ...error, message: why, additionalDetails: null };
      this.#retryOptions.giveUp(this, why);
    }, this.#retryOptions.retryDeadlineMs);
  }

  /** After a lost connection an item may be the first sign of a turn, whose start nobody told. */
  startItem(item: ThreadItem): void {
    this.start();
    this.#stopRetryTimer();
    if (item.type === 'commandExecution') this.commands.add(item.id);
  }

  completeItem(item: ThreadItem): void {
    this.start();
    this.commands.delete(item.id);
    if (item.type === 'agentMessage') {
      const message = toMessage(item);
      this.#messages.set(item.id, message, 200 + 2 * message.text.length);
    }
  }

  /** Ends the turn as Codex tells it, at these running totals of its thread. */
  end(wire: WireTurn, usage: TokenUsage): TurnResult {
    this.#isEnded = true;
    this.#stopRetryTimer();
    // A turn that we saw only the end of still brings its last message (from 0.169 on).
    const seen = this.#messages.values();
    const messages = seen.length > 0 ? seen : messagesOf(wire);
    const result: TurnResult = {
      id: wire.id,
      status: this.#givenUp ? 'failed' : toTurnStatus(wire.status),
      text: answerOf(messages),
      messages: messages.map((message) => message.text),
      usage: usageSince(this.#usageBefore, usage),
      error: this.#givenUp ?? wire.error ?? null,
    };
    this.#completed.resolve(result);
    return result;
  }

  /** No end of it will be told any more. */
  abandon(reason: OptioError): void {
    this.#isEnded = true;
    this.#stopRetryTimer();
    this.#completed.reject(reason);
  }

  /** This turn never was one of its own: our message was put into the other, and ends with it. */
  becomePartOf(other: RunningTurn): void {
    other.isOurs = true;
    this.#isEnded = true;
    this.#completed.resolve(other.completed);
  }

  #stopRetryTimer(): void {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = undefined;
  }
}

/** A word that a newer Codex may bring is no proof that the work was done. */
export function toTurnStatus(status: WireTurn['status'] | undefined): TurnStatus {
  if (status === 'inProgress') return 'completed'; // the end of a turn was told, whatever it says of itself
  return status === 'completed' || status === 'interrupted' ? status : 'failed';
}

function messagesOf({ items }: WireTurn): AgentMessage[] {
  if (!Array.isArray(items)) return [];
  return items.flatMap((item) => (item?.type === 'agentMessage' ? [toMessage(item)] : []));
}

function toMessage(item: Extract<ThreadItem, { type: 'agentMessage' }>): AgentMessage {
  return { text: typeof item.text === 'string' ? item.text : '', phase: item.phase };
}
