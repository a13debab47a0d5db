import { NO_USAGE, type TokenUsage } from '../contract/usage.ts';
import type { OptioError } from '../errors.ts';
import { toJson } from '../rpc/message.ts';
import type { CodexNotification } from './client.ts';
import { Delivery, type DeliveryOptions, type OutgoingMessage } from './delivery.ts';
import { interruptTurn } from './interrupt.ts';
import type { ThreadItem } from './protocol/v2/ThreadItem.ts';
import type { Turn as WireTurn } from './protocol/v2/Turn.ts';
import { noRoom } from './rejection.ts';
import { Room } from './room.ts';
import { RunningTurn, type Turn, type TurnResult } from './turn.ts';
import { toUsage } from './usage.ts';

export interface TurnsOptions extends Omit<DeliveryOptions, 'turnOver'> {
  /** Told once for each turn on the thread that has ended, before anybody who waits for it. */
  readonly onEnded: (result: TurnResult, isOurs: boolean) => void;
  /** Stops the commands that an interrupted turn left running; no turn is started meanwhile. */
  readonly stopCommands: (itemIds: ReadonlySet<string>) => Promise<void>;
  /** A turn of ours does not begin before it resolves. */
  readonly admitTurn?: (() => Promise<void>) | undefined;
  /** How long Codex may go on asking the model again without success, in milliseconds. */
  readonly retryDeadlineMs: number;
  /** Codex gives no sign of life, and asks nobody anything meanwhile. */
  readonly isSilent?: () => boolean;
  /** Told before a turn is ended that has tried for too long; Codex will call it interrupted. */
  readonly onGivenUp: (turnId: string, why: string) => void;
}

/** Ended turns that are remembered, the newest: their end may be told again, by a resumed thread for one. */
const MAX_ENDED = 1_000;

interface Entry {
  readonly message: OutgoingMessage;
  readonly accepted: PromiseWithResolvers<RunningTurn>;
}

/**
 * The turns of one thread. One runs at a time; messages wait for their turn, since a second `turn/start` is put into
 * the running turn, and may be promised a turn that never comes. Turns that others start on the thread are known but
 * not ours.
 */
export class Turns {
  readonly #options: TurnsOptions;
  readonly #waiting: Entry[] = [];
  /** For the messages that Codex has not accepted yet. */
  readonly #room = new Room();
  readonly #turns = new Map<string, RunningTurn>();
  readonly #delivery: Delivery;
  /** The ids of the newest turns that have ended. */
  readonly #ended = new Set<string>();
  /** The message whose `turn/start` is not answered yet. */
  #starting: Entry | undefined;
  #current: RunningTurn | undefined;
  #pause: Promise<void> | undefined;
  /** The message for whose turn we wait to be admitted. */
  #admitting: Entry | undefined;
  #usage: TokenUsage = NO_USAGE;
  #closed: OptioError | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
    this.#delivery = new Delivery({ ...options, turnOver: () => this.#current?.toldOver });
  }

  get currentTurnId(): string | null {
    return this.#current?.id ?? null;
  }

  /** True while a message or a turn of ours is not over. */
  get isPending(): boolean {
    if (this.#starting || this.#waiting.length > 0) return true;
    return [...this.#turns.values()].some((turn) => turn.isOurs);
  }

  /**
   * Resolves once Codex has accepted the message; rejects with `turn-rejected` and its words when it does not, with
   * `overloaded` when too much waits to be accepted already, and with `message-too-large`.
   */
  async send(message: OutgoingMessage): Promise<Turn> {
    if (this.#closed) throw this.#closed;
    const bytes = Buffer.byteLength(toJson(message));
    if (!this.#room.take(bytes)) throw noRoom(bytes, this.#room.maxBytes);
    try {
      return (message.steer && (await this.#steer(message))) || (await this.#startInTurn(message));
    } finally {
      this.#room.give(bytes);
    }
  }

  /**
   * Ends the turn that runs or is being started, and resolves when it has ended. Does nothing when there is none, or when it
   * is not this one.
   */
  async interrupt(turnId?: string): Promise<void> {
    const turn = await this.#runningOrStarting();
    if (!turn || turn.isEnded || (turnId !== undefined && turn.id !== turnId)) return;
    turn.stopsCommands = true;
    await interruptTurn(this.#options, turn);
    await this.#pause;
  }

  /** A turn that runs, with a message of ours in it; undefined when it does not run (any more). */
  running(turnId: string): Turn | undefined {
    const turn = this.#turns.get(turnId);
    if (turn) turn.isOurs = true;
    return turn;
  }

  /** A turn that somebody before us has started, or put a message into: it is ours from now on. */
  adopt(turnId: string): Turn {
    const turn = this.#turn(turnId);
    turn.isOurs = true;
    return turn;
  }

  /** The turn in which a message was seen. */
  takenIn(messageId: string): string | undefined {
    return this.#delivery.turnOf(messageId);
  }

  /** Where a message is that was sent before we came, or shows soon; undefined when it never arrived. */
  whenTaken(messageId: string): Promise<string | undefined> {
    return this.#delivery.whenTaken(messageId);
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
        this.#onMessage(params.item, params.turnId);
        break;
      case 'item/completed':
        this.#turns.get(params.turnId)?.completeItem(params.item);
        // After a reconnect Codex may tell the end only: its start fell between the snapshot and the first notification.
        this.#onMessage(params.item, params.turnId);
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
    this.#delivery.close(reason);
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
    this.#turns.get(wire.id)?.tellOver();
    // The answer to `turn/start` may come after the end of its turn; whose turn it was is known only then.
    const starting = this.#turns.get(wire.id)?.isOurs ? undefined : this.#starting;
    if (starting) void Promise.allSettled([starting.accepted.promise]).then(() => this.#end(wire));
    else this.#end(wire);
  }

  #startInTurn(message: OutgoingMessage): Promise<Turn> {
    if (this.#closed) return Promise.reject(this.#closed);
    const entry: Entry = { message, accepted: Promise.withResolvers() };
    this.#waiting.push(entry);
    this.#next();
    return entry.accepted.promise;
  }

  /** Lets the next turn begin, as soon as there is room for it and it is admitted. */
  #next(): void {
    const [entry] = this.#waiting;
    if (!entry || this.#admitting || !this.#hasRoom) return;
    const { admitTurn } = this.#options;
    if (!admitTurn) {
      this.#startNext();
      return;
    }
    this.#admitting = entry;
    void admitTurn()
      .then(() => this.#hasRoom && this.#startNext())
      .catch((error) => this.#waiting.shift()?.accepted.reject(error))
      .finally(() => {
        this.#admitting = undefined;
        this.#next();
      });
  }

  /** Nothing of ours, or of anybody else, is under way. */
  get #hasRoom(): boolean {
    return !(this.#starting || this.#current || this.#pause || this.#closed);
  }

  #startNext(): void {
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
    const turn = this.#turn(await this.#delivery.start(message));
    const takenIn = this.#delivery.turnOf(message.messageId);
    if (takenIn && takenIn !== turn.id) return this.#follow(turn, takenIn);
    turn.isOurs = true;
    turn.messageId = message.messageId;
    this.#current ??= turn.isEnded ? undefined : turn;
    return turn;
  }

  /** Puts a message into the running turn; undefined when that turn is over and the message must start one. */
  async #steer(message: OutgoingMessage): Promise<Turn | undefined> {
    const turn = await this.#runningOrStarting();
    await turn?.begun();
    if (!turn || turn.isEnded || !(await this.#delivery.steer(message, turn))) return undefined;
    turn.isOurs = true;
    return turn;
  }

  async #runningOrStarting(): Promise<RunningTurn | undefined> {
    if (!this.#starting) return this.#current;
    const [accepted] = await Promise.allSettled([this.#starting.accepted.promise]);
    return accepted.status === 'fulfilled' ? accepted.value : undefined;
  }

  #onMessage(item: ThreadItem, turnId: string): void {
    if (item.type !== 'userMessage' || !item.clientId || this.#ended.has(turnId)) return;
    this.#delivery.onTaken(item.clientId, turnId);
    const promised = [...this.#turns.values()].find((turn) => turn.messageId === item.clientId);
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
      isSilent: () => this.#options.isSilent?.() ?? false,
      giveUp: (hopeless, why) => {
        this.#options.onGivenUp(hopeless.id, why);
        interruptTurn(this.#options, hopeless).catch(() => {});
      },
    });
    this.#turns.set(id, turn);
    return turn;
  }
}
