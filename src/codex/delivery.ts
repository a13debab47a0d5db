import { OptioError } from '../errors.ts';
import type { CodexClient } from './client.ts';
import type { TurnStartParams } from './protocol/v2/TurnStartParams.ts';
import type { UserInput } from './protocol/v2/UserInput.ts';
import { isNoSuchTurn, rejected } from './rejection.ts';
import { TakenMessages } from './taken-messages.ts';
import type { RunningTurn } from './turn.ts';

export interface OutgoingMessage {
  readonly messageId: string;
  readonly input: UserInput[];
  readonly steer: boolean;
  readonly outputSchema?: unknown;
}

export interface DeliveryOptions {
  readonly threadId: string;
  /** The calls of the newest connection. */
  readonly client: () => CodexClient;
  /** Model and effort to send with the next turn. */
  readonly overrides: () => Partial<TurnStartParams>;
  /** Told what of these was sent once Codex has accepted it: a turn that is refused changes nothing. */
  readonly onAccepted: (overrides: Partial<TurnStartParams>) => void;
  /** Resolves when a connection that was lost is there again, with false when it will not come back. */
  readonly reconnected: () => Promise<boolean>;
  /** Resolves when the end of the turn that runs now was told; undefined when none does. */
  readonly turnOver: () => Promise<void> | undefined;
}

/** Hands messages to Codex, each of them once: after a lost connection one is looked for before it is sent again. */
export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #taken: TakenMessages;
  #closed: OptioError | undefined;

  constructor(options: DeliveryOptions, taken = new TakenMessages()) {
    this.#options = options;
    this.#taken = taken;
  }

  /** Starts a turn with the message and gives its id; where the message showed meanwhile, `turnOf` tells. */
  async start({ messageId, input, outputSchema }: OutgoingMessage): Promise<string> {
    const overrides = this.#options.overrides();
    const turnId = await this.#start(messageId, {
      ...overrides,
      threadId: this.#options.threadId,
      input,
      clientUserMessageId: messageId,
      ...(outputSchema !== undefined && { outputSchema: outputSchema as never }),
    });
    this.#options.onAccepted(overrides);
    return turnId;
  }

  /** Puts the message into the running turn; false when that turn is over and the message must start one. */
  async steer({ messageId, input }: OutgoingMessage, turn: RunningTurn): Promise<boolean> {
    this.#taken.forget(messageId);
    try {
      await this.#options.client().call('turn/steer', {
        threadId: this.#options.threadId,
        expectedTurnId: turn.id,
        input,
        clientUserMessageId: messageId,
      });
      return true;
    } catch (cause) {
      if (turn.isEnded || isNoSuchTurn(cause)) return false;
      return (await this.#takenAfterLoss(cause, messageId)) !== undefined;
    }
  }

  /** A message of ours was seen in this turn. */
  onTaken(messageId: string, turnId: string): void {
    this.#taken.add(messageId, turnId);
  }

  /** The turn in which a message was seen. */
  turnOf(messageId: string): string | undefined {
    return this.#taken.turnOf(messageId);
  }

  /**
   * The turn in which a message shows within a few seconds, or undefined. While a turn runs Codex may have it and keep it
   * to itself: it shows a message only when it asks the model (again), and neither while an approval waits nor while it
   * sums the thread up.
   */
  whenTaken(messageId: string): Promise<string | undefined> {
    return this.#taken.whenTaken(messageId, this.#options.turnOver());
  }

  /** No connection will come back. */
  close(reason: OptioError): void {
    this.#closed ??= reason;
  }

  async #start(messageId: string, params: TurnStartParams): Promise<string> {
    this.#taken.forget(messageId);
    for (;;) {
      try {
        const { turn } = await this.#options.client().call('turn/start', params);
        return turn.id;
      } catch (cause) {
        const turnId = await this.#takenAfterLoss(cause, messageId);
        if (turnId) return turnId;
      }
    }
  }

  /** After a lost connection: the turn in which the message arrived all the same. Any other failure is thrown. */
  async #takenAfterLoss(cause: unknown, messageId: string): Promise<string | undefined> {
    if (this.#closed) throw this.#closed;
    const isLost = cause instanceof OptioError && cause.code === 'connection-closed';
    if (!isLost || !(await this.#options.reconnected())) throw this.#closed ?? rejected(cause);
    return this.whenTaken(messageId);
  }
}
