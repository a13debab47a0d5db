import type { FileChange } from '../contract/item.ts';
import type { Request } from '../contract/request.ts';
import { OptioError } from '../errors.ts';
import { Backlog } from './backlog.ts';
import { type CatchUpOptions, type CaughtUp, catchUp } from './catch-up.ts';
import type { CodexClient, CodexNotification } from './client.ts';
import type { CodexConnection } from './connection.ts';
import type { ConversationSettings, KnownConversation } from './conversation-options.ts';
import type { OwnEvent } from './events.ts';
import { type Handshake, introduce, resumeParams, shakeHands, startThread } from './handshake.ts';
import { stopCommands } from './interrupt.ts';
import type { Turn as WireTurn } from './protocol/v2/Turn.ts';
import { isUnknownThread } from './rejection.ts';
import type { RequestDesk } from './requests.ts';
import { takeUpChildren } from './take-up.ts';
import { ThreadWatch } from './thread-watch.ts';
import { ToldThreads } from './told-threads.ts';
import type { Turn, TurnResult } from './turn.ts';
import { Turns } from './turns.ts';

const TOO_MANY_TURNS = 'so many turns went by while there was no connection that the oldest of them are not told';

export interface LiveThreadOptions {
  readonly settings: ConversationSettings;
  readonly desk: RequestDesk;
  readonly tell: (event: OwnEvent) => void;
  readonly readEnd: CatchUpOptions['readEnd'];
  readonly onTurnEnded: (result: TurnResult, isOurs: boolean) => void;
  /** Codex told something after which nothing may go on. */
  readonly onFatal: (reason: OptioError) => void;
}

/**
 * The thread of a conversation: it is opened, or taken up where somebody left it; what Codex tells of it goes to those
 * who keep count; and after a lost connection it is found out what was missed.
 */
export class LiveThread {
  readonly #options: LiveThreadOptions;
  readonly #told = new ToldThreads();
  /** What was told of the thread before we knew which it is. */
  readonly #early = new Backlog();
  /** Lets the connection tell what it has kept back. */
  #release = () => {};
  #handshake: Handshake | undefined;
  #watch: ThreadWatch | undefined;
  #turns: Turns | undefined;
  #adopted: readonly Turn[] = [];
  #closed: OptioError | undefined;

  constructor(options: LiveThreadOptions) {
    this.#options = options;
  }

  /** What Codex said when it was opened; undefined before. */
  get handshake(): Handshake | undefined {
    return this.#handshake;
  }

  /** Undefined before it is open. */
  get turns(): Turns | undefined {
    return this.#turns;
  }

  /** Turns with messages that somebody before us had sent, and of which we do not know the end. */
  get adopted(): readonly Turn[] {
    return this.#adopted;
  }

  /** What is remembered of it: model and effort; undefined before it is open. */
  get watch(): ThreadWatch | undefined {
    return this.#watch;
  }

  /** The changes that a file change would make. */
  changesOf(itemId: string): readonly FileChange[] {
    return this.#watch?.changesOf(itemId) ?? [];
  }

  /** Shakes hands, and opens the thread or takes it up. What came meanwhile waits for `release`. */
  async open(connection: CodexConnection): Promise<void> {
    const { known } = this.#options.settings;
    if (known) await this.#takeUp(connection, known);
    else await this.#start(connection);
  }

  /** Lets in what was told while it was opened. */
  release(): void {
    this.#early.release();
    this.#release();
  }

  /** The process has lived on: the thread is taken up where it is, and Codex repeats its open requests. */
  async restore(client: CodexClient, reason: OptioError, isRetry: boolean): Promise<void> {
    const { settings, readEnd } = this.#options;
    if (!this.#handshake) throw reason;
    await introduce(client, settings);
    const threadId = this.#handshake.thread.thread.id;
    const caughtUp = await catchUp(client, { threadId, settings, known: this.#told, withoutItems: isRetry, readEnd });
    this.#tellMissed(reason.message, { ...caughtUp, told: [] });
  }

  /** Was told late, by what we found out ourselves: it is no news. */
  isRepeated(told: object): boolean {
    return this.#told.isRepeated(told);
  }

  /** `bytes` is what it takes while it waits for the thread to be open. */
  onNotification(notification: CodexNotification, bytes = 0): void {
    try {
      this.#route(notification, bytes);
    } catch (error) {
      // A message that is not as the pinned Codex would send it is noise, unless it was the sandbox that changed.
      if (error instanceof OptioError) this.#options.onFatal(error);
    }
  }

  /** An answer wants the end of its turn. Not every answer that Codex takes can say so. */
  onInterrupt({ kind, turnId }: Request): void {
    this.#turns?.expectInterrupt(turnId);
    const isSaid = kind === 'command' || kind === 'fileChange';
    const isHere = turnId === null || turnId === this.#turns?.currentTurnId;
    if (!isSaid && isHere) this.#turns?.interrupt().catch(() => {});
  }

  /** Nothing will be told of it any more. */
  close(reason: OptioError): void {
    this.#closed = reason;
    this.#early.clear();
    this.#turns?.close(reason);
  }

  async #start(connection: CodexConnection): Promise<void> {
    const { settings } = this.#options;
    const handshake = await shakeHands(connection.client, settings);
    const { thread } = handshake.thread;
    // The process may have lived on without us, and sub-agents of the thread with it.
    if (settings.resumeThreadId) {
      await takeUpChildren(connection.client, thread, { ...settings, withoutItems: true, isEnough: () => true });
    }
    this.#begin(handshake, connection);
    const before = thread.turns ?? [];
    this.#told.open(thread.id, before);
    // A thread that was taken up may be in the middle of a turn.
    for (const notification of this.#told.missed(thread.id, before)) this.onNotification(notification);
  }

  /** Goes on where somebody before us has ended. A thread that its codex took along, unstored, is begun anew. */
  async #takeUp(connection: CodexConnection, known: KnownConversation): Promise<void> {
    const { settings, readEnd } = this.#options;
    const { resumeThreadId: threadId = '' } = settings;
    this.#told.know(known.threads);
    let caughtUp: CaughtUp | undefined;
    const handshake = await shakeHands(connection.client, settings, async (client) => {
      this.#release = connection.hold(); // what is told from now on comes after all that was missed
      const looking = catchUp(client, { threadId, settings, known: this.#told, readEnd });
      caughtUp = await looking.catch((error: unknown) => {
        if (!isUnknownThread(error)) throw error;
        return undefined;
      });
      return caughtUp?.response ?? startThread(client, settings);
    });
    const turns = this.#begin(handshake, connection);
    if (!caughtUp) return;
    const { turns: seen, told, missed, isCut } = caughtUp;
    this.#adopted = this.#told.unfinished(handshake.thread.thread.id, seen).flatMap((turn) => {
      return isOf(turn, known.messageIds) ? turns.adopt(turn.id) : [];
    });
    this.#tellMissed('it was taken up by another process', { told, missed, isCut });
  }

  #begin(handshake: Handshake, connection: CodexConnection): Turns {
    if (this.#closed) throw this.#closed;
    const { settings, tell, onTurnEnded } = this.#options;
    const threadId = handshake.thread.thread.id;
    const watch = new ThreadWatch(handshake.thread, settings);
    const turns = new Turns({
      threadId,
      client: () => connection.client,
      admitTurn: settings.admitTurn,
      retryDeadlineMs: settings.retryDeadlineMs,
      isSilent: () => connection.isSilent,
      onGivenUp: (turnId, message) => tell({ type: 'x-optio-given-up', turnId, message }),
      overrides: () => watch.overrides,
      onAccepted: (overrides) => watch.onAccepted(overrides),
      onEnded: onTurnEnded,
      reconnected: () => connection.reconnected(),
      stopCommands: (itemIds) => this.#stopCommands(connection.client, threadId, itemIds),
    });
    this.#handshake = handshake;
    this.#watch = watch;
    this.#turns = turns;
    return turns;
  }

  #tellMissed(reason: string, { told, missed, isCut }: Pick<CaughtUp, 'told' | 'missed' | 'isCut'>): void {
    const { tell } = this.#options;
    this.#told.tellLate(missed);
    tell({ type: 'x-optio-reconnected', reason, told, missed });
    for (const notification of [...told, ...missed]) this.onNotification(notification);
    if (isCut) tell({ type: 'x-optio-warning', message: TOO_MANY_TURNS });
  }

  #route({ method, params }: CodexNotification, bytes: number): void {
    const { desk } = this.#options;
    if (method === 'configWarning' && params.summary.startsWith('Invalid configuration')) {
      const told = [params.summary, params.path, params.details].filter(Boolean).join(' ');
      throw new OptioError('codex-config-rejected', `Codex does not accept its config.toml: ${told}`, {
        remedy: 'Correct the file it names: Codex would go on without any of it, the sandbox included.',
      });
    }
    if (method === 'serverRequest/resolved') desk.resolved(params.requestId);
    const notification = { method, params } as CodexNotification;
    if (!this.#turns) {
      if (this.#early.add(() => this.onNotification(notification), bytes)) return;
      throw new OptioError('overloaded', 'Codex told more than can be kept before its thread was open');
    }
    this.#watch?.onNotification(notification);
    this.#told.onNotification(notification);
    this.#turns.onNotification(notification);
    if (method === 'turn/completed') desk.turnEnded(params.turn.id);
  }

  async #stopCommands(client: CodexClient, threadId: string, itemIds: ReadonlySet<string>): Promise<void> {
    const { settings, tell } = this.#options;
    const resume = resumeParams(threadId, settings);
    try {
      await stopCommands({ client, threadId, itemIds, experimentalApi: settings.experimentalApi, resume });
    } catch (error) {
      const which = [...itemIds].join(', ');
      const message = `commands of the turn may still run (${which}): ${(error as Error).message}`;
      tell({ type: 'x-optio-warning', message });
    }
  }
}

/** Whether one of these messages is in a turn. */
function isOf({ items }: WireTurn, messageIds: readonly string[]): boolean {
  return (items ?? []).some(({ type, ...item }) => {
    return type === 'userMessage' && 'clientId' in item && messageIds.includes(item.clientId ?? '');
  });
}
