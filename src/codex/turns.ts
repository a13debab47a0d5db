import { NO_USAGE, type TokenUsage } from '../contract/usage.ts';
import { OptioError } from '../errors.ts';
import type { CodexClient, CodexNotification } from './client.ts';
import { interruptTurn } from './interrupt.ts';
import type { Turn as WireTurn } from './protocol/v2/Turn.ts';
import type { TurnStartParams } from './protocol/v2/TurnStartParams.ts';
import type { UserInput } from './protocol/v2/UserInput.ts';
import { isNoSuchTurn, rejected } from './rejection.ts';
import { TakenMessages } from './taken-messages.ts';
import { RunningTurn, type Turn, type TurnResult } from './turn.ts';
import { toUsage } from './usage.ts';

export interface OutgoingMessage {
  readonly messageId: string;
  readonly input: UserInput[];
  readonly steer: boolean;
  readonly outputSchema?: unknown;
}

export interface TurnsOptions {
  readonly threadId: string;
  readonly client: () => CodexClient;
  /** Model and effort to send with the next turn; asked once for each turn. */
  readonly overrides: () => Partial<TurnStartParams>;
  /** Told once for each turn on the thread that has ended, before anybody who waits for it. */
  readonly onEnded: (result: TurnResult, isOurs: boolean) => void;
  /** Stops the commands that an interrupted turn left running; no turn is started meanwhile. */
  readonly stopCommands: (itemIds: ReadonlySet<string>) => Promise<void>;
  /** How long Codex may go on asking the model again without success, in milliseconds. */
  readonly retryDeadlineMs: number;
  /** Told before a turn is ended that has tried for too long; Codex will call it interrupted. */
  readonly onGivenUp: (turnId: string, why: string) => void;
  /** Resolves when a connection that was lost is there again, with false when it will not come back. */
  readonly reconnected: () => Promise<boolean>;
}

/** Ended turns that are remembered, the newest: their end may be told again, by a resumed thread for one. */
const MAX_ENDED = 1_000;

interface Entry {
  readonly message: OutgoingMessage;
  readonly accepted: PromiseWithResolvers<RunningTurn>;
}

/**
 * The turns of one thread. One runs at a time; messages wait for their turn, since a second `turn/start` is put into
 * the running turn and gets an id that never ends. Turns that others start on the thread are known but not ours.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting: Entry[] = [];
  readonly #turns = new Map<string, RunningTurn>();
  readonly #taken = new TakenMessages();
  /** The ids of the newest turns that have ended. */
  readonly #ended = new Set<string>();
  /** The message whose `turn/start` is not answered yet. */
  #starting: Entry | undefined;
  #current: RunningTurn | undefined;
  #pause: Promise<void> | undefined;
  #usage: TokenUsage = NO_USAGE;
  #closed: OptioError | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  get currentTurnId(): string | null {
    return this.#current?.id ?? null;
  }

  /** True while a message or a turn of ours is not over. */
  get isPending(): boolean {
    if (this.#starting || this.#waiting.length > 0) return true;
    return [...this.#turns.values()].some((turn) => turn.isOurs);
  }

  /** Resolves once Codex has accepted the message; rejects with `turn-rejected` and its words when it does not. */
  async send(message: OutgoingMessage): Promise<Turn> {
    if (this.#closed) throw this.#closed;
    if (message.steer) {
      const steered = await this.#steer(message);
      if (steered) return steered;
    }
    const entry: Entry = { message, accepted: Promise.withResolvers() };
    this.#waiting.push(entry);
    this.#next();
    return entry.accepted.promise;
  }

  /** Ends the turn that runs or is being started, and resolves when it has ended. Does nothing when there is none. */
  async interrupt(): Promise<void> {
    const turn = await this.#runningOrStarting();
    if (!turn || turn.isEnded) return;
    turn.stopsCommands = true;
    await interruptTurn(this.#options, turn);
    await this.#pause;
  }

  /** The end of this turn is asked for in another way: by a decision that cancels it. */
  expectInterrupt(turnId: string | null): void {
    const turn = turnId ? this.#turns.get(turnId) : undefined;
    if (turn) turn.stopsCommands = true;
  }

  /** Takes in what Codex tells of this thread; other threads are not ours to count. */
  onNotification({ method, params }: CodexNotification): void {
    if (!('threadId' in params) || params.threadId !== this.#options.threadId) return;
    switch (method) {
      case 'turn/started':
        this.#begin(params.turn);
        break;
      case 'turn/completed':
        this.#complete(params.turn);
        break;
      case 'item/started':
        this.#turns.get(params.turnId)?.startItem(params.item);
        if (params.item.type === 'userMessage' && params.item.clientId)
          this.#onTaken(params.item.clientId, params.turnId);
        break;
      case 'item/completed':
        this.#turns.get(params.turnId)?.completeItem(params.item);
        // After a reconnect Codex may tell the end only: its start fell between the snapshot and the first notification.
        if (params.item.type === 'userMessage' && params.item.clientId)
          this.#onTaken(params.item.clientId, params.turnId);
        break;
      case 'thread/tokenUsage/updated':
        this.#usage = toUsage(params.tokenUsage.total);
        break;
      case 'error':
        if (params.willRetry && params.error) this.#turns.get(params.turnId)?.retry(params.error);
        break;
    }
  }

  /** No turn will end any more. */
  close(reason: OptioError): void {
    this.#closed ??= reason;
    for (const entry of this.#waiting.splice(0)) entry.accepted.reject(reason);
    for (const turn of this.#turns.values()) turn.abandon(reason);
    this.#turns.clear();
    this.#current = undefined;
  }

  #begin({ id }: WireTurn): void {
    if (!this.#canRun(id)) return;
    this.#current = this.#turn(id);
    this.#current.start();
  }

  /** A turn ends once, however often that is told; what has no id, or has ended, would keep everybody waiting. */
  #canRun(turnId: unknown): turnId is string {
    return typeof turnId === 'string' && !this.#ended.has(turnId);
  }

  #complete(wire: WireTurn): void {
    if (!this.#canRun(wire.id)) return;
    // The answer to `turn/start` may come after the end of its turn; whose turn it was is known only then.
    const starting = this.#turns.get(wire.id)?.isOurs ? undefined : this.#starting;
    if (starting) void Promise.allSettled([starting.accepted.promise]).then(() => this.#end(wire));
    else this.#end(wire);
  }

  #next(): void {
    if (this.#starting || this.#current || this.#pause || this.#closed) return;
    const entry = this.#waiting.shift();
    if (!entry) return;
    this.#starting = entry;
    this.#start(entry.message)
      .then(entry.accepted.resolve, entry.accepted.reject)
      .finally(() => {
        this.#starting = undefined;
        this.#next();
      });
  }

  async #start(message: OutgoingMessage): Promise<RunningTurn> {
    this.#taken.forget(message.messageId);
    const turn = this.#turn(await this.#startUntilTaken(message));
    const takenIn = this.#taken.turnOf(message.messageId);
    if (takenIn && takenIn !== turn.id) return this.#follow(turn, takenIn);
    turn.isOurs = true;
    turn.messageId = message.messageId;
    this.#current ??= turn.isEnded ? undefined : turn;
    return turn;
  }

  /** Sends the message until Codex has it, once: after a lost connection it is looked for before it is sent again. */
  async #startUntilTaken(message: OutgoingMessage): Promise<string> {
    for (;;) {
      try {
        const { turn } = await this.#options.client().call('turn/start', {
          ...this.#options.overrides(),
          threadId: this.#options.threadId,
          input: message.input,
          clientUserMessageId: message.messageId,
          ...(message.outputSchema !== undefined && { outputSchema: message.outputSchema as never }),
        });
        return turn.id;
      } catch (cause) {
        const turnId = await this.#takenAfterLoss(cause, message.messageId);
        if (turnId) return turnId;
      }
    }
  }

  /** After a lost connection: the turn in which the message arrived all the same. Any other failure is thrown. */
  async #takenAfterLoss(cause: unknown, messageId: string): Promise<string | undefined> {
    if (this.#closed) throw this.#closed;
    const isLost = cause instanceof OptioError && cause.code === 'connection-closed';
    if (!isLost || !(await this.#options.reconnected())) throw this.#closed ?? rejected(cause);
    return this.#taken.whenTaken(messageId);
  }

  /** Puts a message into the running turn; undefined when that turn is over and the message must start one. */
  async #steer(message: OutgoingMessage): Promise<Turn | undefined> {
    const turn = await this.#runningOrStarting();
    await turn?.begun();
    if (!turn || turn.isEnded) return undefined;
    this.#taken.forget(message.messageId);
    try {
      await this.#options.client().call('turn/steer', {
        threadId: this.#options.threadId,
        expectedTurnId: turn.id,
        input: message.input,
        clientUserMessageId: message.messageId,
      });
    } catch (cause) {
      if (turn.isEnded || isNoSuchTurn(cause)) return undefined;
      if (!(await this.#takenAfterLoss(cause, message.messageId))) return undefined;
    }
    turn.isOurs = true;
    return turn;
  }

  async #runningOrStarting(): Promise<RunningTurn | undefined> {
    if (!this.#starting) return this.#current;
    const [accepted] = await Promise.allSettled([this.#starting.accepted.promise]);
    return accepted.status === 'fulfilled' ? accepted.value : undefined;
  }

  #onTaken(messageId: string, turnId: string): void {
    if (this.#ended.has(turnId)) return;
    this.#taken.add(messageId, turnId);
    const promised = [...this.#turns.values()].find((turn) => turn.messageId === messageId);
    if (promised && promised.id !== turnId) this.#follow(promised, turnId);
  }

  /** Somebody else's turn got our message: the turn that we were promised will never show, and ends with that one. */
  #follow(promised: RunningTurn, takenIn: string): RunningTurn {
    const real = this.#turn(takenIn);
    this.#turns.delete(promised.id);
    if (this.#current === promised) this.#current = real;
    promised.becomePartOf(real);
    return promised;
  }

  #end(wire: WireTurn): void {
    if (!this.#canRun(wire.id)) return;
    this.#ended.add(wire.id);
    if (this.#ended.size > MAX_ENDED) this.#ended.delete(this.#ended.values().next().value ?? '');
    const turn = this.#turn(wire.id);
    this.#turns.delete(wire.id);
    if (this.#current === turn) this.#current = undefined;
    const result = turn.end(wire, this.#usage);
    if (turn.stopsCommands && turn.commands.size > 0) {
      this.#pause = this.#options.stopCommands(turn.commands).finally(() => {
        this.#pause = undefined;
        this.#next();
      });
    }
    this.#options.onEnded(result, turn.isOurs);
    this.#next();
  }

  #turn(id: string): RunningTurn {
    const known = this.#turns.get(id);
    if (known) return known;
    const turn = new RunningTurn(id, this.#usage, {
      retryDeadlineMs: this.#options.retryDeadlineMs,
      giveUp: (hopeless, why) => {
        this.#options.onGivenUp(hopeless.id, why);
        interruptTurn(this.#options, hopeless).catch(() => {});
      },
    });
    this.#turns.set(id, turn);
    return turn;
  }
}
