import { setTimeout as delay } from 'node:timers/promises';
import type { CodexConversation } from '../codex/conversation.ts';
import type { CodexEvent } from '../codex/events.ts';
import type { Turn, TurnResult } from '../codex/turn.ts';
import { NO_USAGE, type TokenUsage } from '../contract/usage.ts';
import type { RunView } from '../contract/view.ts';
import { OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { SessionConfig } from './config.ts';
import { endedTurnOf, endedTurnsOf } from './known.ts';
import type { Message, Narrator } from './narrator.ts';
import { codexEnded, endOfTurn, failed, type SessionEnd } from './outcome.ts';

/** How long the last turn may take to end when a run is cancelled, in milliseconds; the process is stopped anyway. */
const INTERRUPT_DEADLINE_MS = 5_000;

export interface LiveOptions {
  readonly context: RunContext;
  readonly config: SessionConfig;
  readonly conversation: CodexConversation;
  readonly narrator: Narrator;
  /** What the journal said when we came, where another process had begun the session. */
  readonly before: RunView | undefined;
  /** The codex of that process had died as well: what it was about is cut. */
  readonly isRelaunched: boolean;
}

/** A session in which messages are sent and turns end, until a fact decides that it is over. */
export class LiveSession {
  readonly #options: LiveOptions;
  /** Settled by whoever first knows the end: a turn, a person, a cancellation, the death of codex. */
  readonly #end = Promise.withResolvers<SessionEnd>();
  #lastTurn: Pick<TurnResult, 'text'> & { readonly id?: string } = { text: '' };
  #turns: number;

  constructor(options: LiveOptions) {
    this.#options = options;
    this.#turns = options.before ? endedTurnsOf(options.before).length : 0;
    options.conversation.onEvent((event) => this.#onClosed(event));
  }

  /** How many turns with messages of ours have ended. */
  get turns(): number {
    return this.#turns;
  }

  /** The answer of the last of them. */
  get text(): string {
    return this.#lastTurn.text;
  }

  /** Of the whole thread. */
  get usage(): TokenUsage {
    return this.#options.narrator.usage ?? this.#options.before?.usage ?? NO_USAGE;
  }

  /** It is over, for a reason that lies outside of it. */
  finish(end: SessionEnd): void {
    this.#end.resolve(end);
  }

  /** Sends what is to be sent, and resolves with the end. */
  async converse(): Promise<SessionEnd> {
    const { context, conversation } = this.#options;
    const cancel = () => this.finish({ status: 'cancelled' });
    const leave = () => {
      conversation.leave();
      this.finish({ status: 'failed' }); // which nobody is told: another process goes on
    };
    context.signal.addEventListener('abort', cancel, { once: true });
    context.detached.addEventListener('abort', leave, { once: true });
    const takeBack = context.serve({
      send: async (text, { steer }) => ({ turnId: (await this.#send({ text, steer })).id }),
      interrupt: () => conversation.interrupt(),
      finish: () => this.finish({ status: 'done' }),
      requestModelChange: (model) => conversation.requestModelChange(model),
    });
    try {
      context.signal.throwIfAborted();
      await context.begin();
      await this.#start();
      return await this.#end.promise;
    } finally {
      takeBack();
      context.signal.removeEventListener('abort', cancel);
      context.detached.removeEventListener('abort', leave);
      const hurry = delay(INTERRUPT_DEADLINE_MS, undefined, { ref: false });
      if (!conversation.closed && !context.detached.aborted)
        await Promise.race([conversation.interrupt().catch(() => {}), hurry]);
    }
  }

  async #start(): Promise<void> {
    const { config, before } = this.#options;
    if (before) await this.#goOn(before);
    const hasBegun = before !== undefined && Object.keys(before.messages).length > 0;
    if (config.autoStart && !hasBegun) await this.#send(this.#firstMessage());
  }

  /** Where another process had to leave it: its turns end here, and its messages are sent again that never arrived. */
  async #goOn(before: RunView): Promise<void> {
    const { config, conversation, narrator, isRelaunched } = this.#options;
    const ended = endedTurnOf(before);
    if (ended) this.#lastTurn = ended;
    const end = ended && config.endRule === 'firstTurn' && endOfTurn(ended, config.outputSchema !== undefined);
    if (end) return this.finish(end);
    for (const turn of conversation.adopted) this.#follow(turn);
    for (const [index, [messageId, sent]] of Object.entries(before.messages).entries()) {
      if (sent.state !== 'sent' && sent.state !== 'accepted') continue;
      const { text, images, steer } = sent;
      const message = index === 0 && config.autoStart ? this.#firstMessage() : { text, images, steer };
      const turn = await narrator.sendAgain(messageId, message, !isRelaunched);
      if (turn) this.#follow(turn);
    }
  }

  #firstMessage(): Message {
    const { instructions: text, images, outputSchema } = this.#options.config;
    return { text, outputSchema, ...(images && { images }) };
  }

  async #send(message: Message): Promise<Turn> {
    return this.#follow(await this.#options.narrator.send(message));
  }

  /** Counts a turn when it has ended, and ends the run with it where that is the rule. */
  #follow(turn: Turn): Turn {
    const { config, isRelaunched } = this.#options;
    const count = (result: TurnResult) => {
      if (this.#lastTurn.id === result.id) return; // a message that was steered into a turn shares its end
      this.#lastTurn = result;
      this.#turns++;
      if (config.endRule !== 'firstTurn') return;
      const wasCut = isRelaunched && result.status === 'interrupted';
      const end = wasCut ? failed(cutTurn()) : endOfTurn(result, config.outputSchema !== undefined);
      if (end) this.finish(end);
    };
    turn.completed.then(count, () => {}); // the end of the conversation ends the run by itself
    return turn;
  }

  #onClosed(event: CodexEvent): void {
    if (!('type' in event) || event.type !== 'x-optio-closed') return;
    const reason = this.#options.conversation.endReason;
    this.finish(failed(reason && reason.code !== 'connection-closed' ? reason : codexEnded(event)));
  }
}

function cutTurn(): OptioError {
  return new OptioError('codex-exited', 'codex had ended in the middle of the turn, while nobody watched', {
    remedy: 'Run it again, or let its task be tried more than once.',
  });
}
