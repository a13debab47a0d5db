import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TurnStatus } from '../contract/event.ts';
import type { Request } from '../contract/request.ts';
import { ConversationClosed, fromUnknown, OptioError } from '../errors.ts';
import type { Transport } from '../rpc/transport.ts';
import { type CodexHandle, type CodexLink, toLink } from './attachment.ts';
import { Backlog } from './backlog.ts';
import { type CaughtUp, catchUp } from './catch-up.ts';
import type { CodexClient, CodexNotification } from './client.ts';
import { CodexConnection } from './connection.ts';
import {
  type CodexConversationOptions,
  type ConversationSettings,
  checkOptions,
  type KnownConversation,
} from './conversation-options.ts';
import { type CodexEvent, type OwnEvent, toOwnEvent } from './events.ts';
import { type Handshake, introduce, resumeParams, shakeHands } from './handshake.ts';
import { type MessageInput, toUserInput } from './input.ts';
import { stopCommands } from './interrupt.ts';
import { checkEffort } from './models.ts';
import { type PermissionHandler, toAnswer, toPermissionRequest } from './permission.ts';
import { isProgramKind, PROGRAM_METHODS, type ProgramKind, type ProgramMethod } from './program-requests.ts';
import type { InitializeResponse } from './protocol/InitializeResponse.ts';
import type { GetAccountResponse } from './protocol/v2/GetAccountResponse.ts';
import type { Model } from './protocol/v2/Model.ts';
import type { Turn as WireTurn } from './protocol/v2/Turn.ts';
import { type ProgramHandler, RequestDesk, type RequestHandler } from './requests.ts';
import { Subscribers } from './subscribers.ts';
import { takeUpChildren } from './take-up.ts';
import { ThreadWatch } from './thread-watch.ts';
import { ToldThreads } from './told-threads.ts';
import type { Turn, TurnResult } from './turn.ts';
import { Turns } from './turns.ts';

/** How long the end of the process may come after the end of its output, in milliseconds. */
const EXIT_DEADLINE_MS = 2_000;
const TOO_MANY_TURNS = 'so many turns went by while there was no connection that the oldest of them are not told';

export interface SendOptions {
  /** Put it into the running turn instead of waiting for the end of it; a turn is started when none runs. */
  readonly steer?: boolean;
  /** A JSON schema that the answer of this turn has to follow. */
  readonly outputSchema?: unknown;
  /** Names the message; it comes back as the `clientId` of its `userMessage` item. A UUID unless given. */
  readonly messageId?: string;
}

/** What `onMessage` is told beside the text. */
export interface MessageInfo {
  readonly turnId: string;
  readonly status: TurnStatus;
  /** False for a turn that somebody else started on the thread. */
  readonly ours: boolean;
  /** Everything that was said in the turn; the text is the answer only. */
  readonly messages: readonly string[];
}

type MessageHandler = (text: string, info: MessageInfo) => unknown;
type State = 'new' | 'attached' | 'reading' | 'opening' | 'ready' | 'closed';

/**
 * A conversation with one `codex app-server` about one thread. Attach a process, run the reader, bootstrap; then send,
 * steer, interrupt and approve. It starts and stops no process.
 */
export class CodexConversation {
  readonly #settings: ConversationSettings;
  readonly #events = new Subscribers<CodexEvent>();
  readonly #messages = new Subscribers<{ readonly text: string; readonly info: MessageInfo }>();
  readonly #desk: RequestDesk;
  readonly #ended = Promise.withResolvers<void>();
  readonly #closeRequested = Promise.withResolvers<void>();
  #state: State = 'new';
  #link: CodexLink | undefined;
  #connection: CodexConnection | undefined;
  #handshake: Handshake | undefined;
  #watch: ThreadWatch | undefined;
  #turns: Turns | undefined;
  #adopted: readonly Turn[] = [];
  readonly #told = new ToldThreads();
  /** What was told of the thread before we knew which it is. */
  readonly #early = new Backlog();
  #endReason: OptioError | undefined;

  /** Throws `invalid-config` when the options contradict one another. */
  constructor(options: CodexConversationOptions) {
    this.#settings = checkOptions(options);
    this.#desk = new RequestDesk({
      permissionGate: this.#settings.permissionGate,
      context: () => ({
        cwd: this.cwd,
        profile: this.#settings.expectProfile ?? null,
        approvalPolicy: this.#settings.approvalPolicy,
        changesOf: (itemId) => this.#watch?.changesOf(itemId) ?? [],
      }),
      reply: async (wire, result) => this.#connection?.client.respond(wire, result),
      refuse: async (wire, message) => this.#connection?.client.refuse(wire, message),
      onUnanswered: ({ method, id }) => this.#tell({ type: 'x-optio-unanswered', method, id }, method.length),
      onInterrupt: (request) => this.#onInterrupt(request),
    });
  }

  /** Takes a process or a connection to talk over. Throws `invalid-input` when the process has no stdin or stdout. */
  attach(attached: CodexHandle | CodexLink | Transport): void {
    if (this.#state !== 'new') throw new OptioError('invalid-input', 'this conversation is attached already');
    this.#link = toLink(attached);
    this.#state = 'attached';
  }

  /** Reads what Codex sends. Settles when that has ended and `x-optio-closed` was told. */
  runReader(): Promise<void> {
    if (this.#state === 'new' || !this.#link) {
      throw new OptioError('conversation-not-ready', 'attach a process before running the reader');
    }
    if (this.#state === 'attached') {
      this.#state = 'reading';
      this.#connection = this.#open(this.#link);
      this.#connection.start();
    }
    return this.#ended.promise;
  }

  /**
   * Shakes hands with Codex and opens the thread. Needs a running reader. A failure ends the conversation and is
   * thrown: `call-failed` with Codex's words, `codex-config-rejected`, `sandbox-changed`, `call-timeout` …
   */
  async bootstrap(): Promise<void> {
    if (this.#state === 'closed') throw this.#endReason ?? new ConversationClosed();
    if (this.#state !== 'reading' || !this.#connection) {
      throw new OptioError('conversation-not-ready', 'run the reader before the bootstrap, and bootstrap once');
    }
    this.#state = 'opening';
    try {
      if (this.#settings.known) await this.#takeUp(this.#connection, this.#settings.known);
      else await this.#openThread(this.#connection);
    } catch (error) {
      const reason = this.#endReason ?? fromUnknown(error);
      this.#connection.end(reason);
      throw reason;
    }
  }

  /**
   * Sends a message: it starts a turn, or waits until the running one is over, or goes into it with `steer`. Resolves
   * once Codex has accepted it. Rejects with `turn-rejected` and Codex's words when it does not.
   */
  async send(message: string | readonly MessageInput[], options: SendOptions = {}): Promise<Turn> {
    const turns = this.#readyTurns();
    checkEffort(this.modelList.data, this.currentModelId, this.#settings.reasoningEffort);
    return turns.send({
      messageId: options.messageId ?? randomUUID(),
      input: toUserInput(message),
      steer: options.steer ?? false,
      ...(options.outputSchema !== undefined && { outputSchema: options.outputSchema }),
    });
  }

  /** Ends the running turn and what it runs; resolves when it has ended. Does nothing when none runs. */
  async interrupt(): Promise<void> {
    await this.#readyTurns().interrupt();
  }

  /** Chooses the model for the turns to come. Nothing is sent now: it rides on the next turn. */
  requestModelChange(model: string): void {
    this.#readyTurns();
    this.#watch?.requestModel(model);
  }

  /** Every message of Codex's and what we have to say ourselves (`x-optio-…`), in the order of the wire. */
  onEvent(handler: (event: CodexEvent) => unknown): () => void {
    return this.#events.add(handler);
  }

  /** The answer of each turn that has ended, once. */
  onMessage(handler: MessageHandler): () => void {
    return this.#messages.add((event) => ('type' in event ? undefined : handler(event.text, event.info)));
  }

  /** Sets who decides on approvals; one at a time. Approvals that came before wait for the first handler. */
  onPermissionRequest(handler: PermissionHandler): () => void {
    return this.#desk.handle('approval', async (request, wire, signal) => {
      return toAnswer(await handler(toPermissionRequest(request, wire, signal)));
    });
  }

  /** Sets who answers the other requests: questions and elicitations of people, calls of programs. */
  onRequest(kind: 'approval' | 'question' | 'elicitation', handler: RequestHandler): () => void;
  onRequest<K extends ProgramKind>(kind: K, handler: ProgramHandler<(typeof PROGRAM_METHODS)[K]>): () => void;
  onRequest(kind: string, handler: unknown): () => void {
    if (isProgramKind(kind))
      return this.#desk.handleProgram(PROGRAM_METHODS[kind], handler as ProgramHandler<ProgramMethod>);
    return this.#desk.handle(kind as 'question' | 'elicitation', handler as RequestHandler);
  }

  /** Asks whoever owns the process to end it; stops nothing by itself. */
  close(): void {
    this.#closeRequested.resolve();
  }

  /** Resolves when `close` was called. */
  get closeRequested(): Promise<void> {
    return this.#closeRequested.promise;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Why it ended; null while it goes on. */
  get endReason(): OptioError | null {
    return this.#endReason ?? null;
  }

  /** Turns with messages of ours that another process had sent and of which we do not know the end; see `known`. */
  get adopted(): readonly Turn[] {
    return this.#adopted;
  }

  /** The turn that has a message which another process had sent, soon; undefined when it never arrived. */
  async whenTaken(messageId: string): Promise<string | undefined> {
    return this.#readyTurns().whenTaken(messageId);
  }

  /** True while a message or a turn of ours is not over. */
  isPending(): boolean {
    return this.#turns?.isPending ?? false;
  }

  /** Null before the bootstrap. */
  get threadId(): string | null {
    return this.#handshake?.thread.thread.id ?? null;
  }

  /** Where Codex works, as it says itself once there is a thread. */
  get cwd(): string {
    return this.#handshake?.thread.cwd ?? this.#settings.cwd;
  }

  /** The turn that runs on the thread, whoever started it; null between turns. */
  get currentTurnId(): string | null {
    return this.#turns?.currentTurnId ?? null;
  }

  /** What Codex said of itself; null before the bootstrap. */
  get serverInfo(): (InitializeResponse & { readonly version: string }) | null {
    return this.#handshake ? { ...this.#handshake.serverInfo, version: this.#handshake.version } : null;
  }

  /** Null before the bootstrap, and when Codex could not tell. */
  get account(): GetAccountResponse | null {
    return this.#handshake?.account ?? null;
  }

  /** The models that Codex offers; empty before the bootstrap, and when it could not tell. */
  get modelList(): { readonly data: readonly Model[] } {
    return { data: this.#handshake?.models ?? [] };
  }

  /** The model that was last asked for, or else the one that the thread said it uses. */
  get currentModelId(): string | null {
    return this.#watch?.modelId ?? null;
  }

  #readyTurns(): Turns {
    if (this.#state === 'closed') throw new ConversationClosed(undefined, { cause: this.#endReason });
    if (this.#state !== 'ready' || !this.#turns) {
      throw new OptioError('conversation-not-ready', 'bootstrap the conversation first');
    }
    return this.#turns;
  }

  #open(link: CodexLink): CodexConnection {
    return new CodexConnection({
      link,
      callDeadlineMs: this.#settings.callDeadlineMs,
      receiver: {
        onValue: (value, bytes) => {
          if (!this.#told.isRepeated(value as object)) this.#events.deliver(value as CodexEvent, bytes);
        },
        onNotification: (method, params, bytes) => {
          const notification = { method, params } as CodexNotification;
          if (!this.#told.isRepeated(notification)) this.#onNotification(notification, bytes);
        },
        onRequest: (request, bytes) => this.#desk.receive(request, bytes),
        onNoise: (noise, bytes) => this.#tell(toOwnEvent(noise), bytes),
      },
      restore: (client, reason, isRetry) => this.#restore(client, reason, isRetry),
      onEnd: (reason) => void this.#end(reason),
    });
  }

  async #openThread(connection: CodexConnection): Promise<void> {
    const handshake = await shakeHands(connection.client, this.#settings);
    if (this.#endReason) throw this.#endReason;
    const { thread } = handshake.thread;
    // The process may have lived on without us, and sub-agents of the thread with it.
    if (this.#settings.resumeThreadId) {
      const options = { ...this.#settings, withoutItems: true, isEnough: () => true };
      await takeUpChildren(connection.client, thread, options);
    }
    this.#begin(handshake, connection);
    const before = thread.turns ?? [];
    this.#told.open(thread.id, before);
    // A thread that was taken up may be in the middle of a turn.
    for (const notification of this.#told.missed(thread.id, before)) this.#onNotification(notification);
    this.#ready();
  }

  /** Goes on where somebody before us has ended. */
  async #takeUp(connection: CodexConnection, known: KnownConversation): Promise<void> {
    this.#told.know(known.threads);
    let caughtUp: CaughtUp | undefined;
    const handshake = await shakeHands(connection.client, this.#settings, async (client) => {
      caughtUp = await catchUp(client, this.#settings.resumeThreadId ?? '', this.#settings, this.#told);
      return caughtUp.response;
    });
    if (this.#endReason) throw this.#endReason;
    const turns = this.#begin(handshake, connection);
    const { turns: seen, told, missed, isCut } = caughtUp as CaughtUp;
    this.#adopted = this.#told.unfinished(handshake.thread.thread.id, seen).flatMap((turn) => {
      return isOf(turn, known.messageIds) ? turns.adopt(turn.id) : [];
    });
    this.#tellMissed('it was taken up by another process', { told, missed, isCut });
    this.#ready();
  }

  #begin(handshake: Handshake, connection: CodexConnection): Turns {
    this.#handshake = handshake;
    const threadId = handshake.thread.thread.id;
    this.#watch = new ThreadWatch(handshake.thread, this.#settings);
    const turns = new Turns({
      threadId,
      client: () => connection.client,
      retryDeadlineMs: this.#settings.retryDeadlineMs,
      onGivenUp: (turnId, message) => this.#tell({ type: 'x-optio-given-up', turnId, message }),
      overrides: () => this.#watch?.takeOverrides() ?? {},
      onEnded: (result, ours) => this.#onTurnEnded(result, ours),
      reconnected: () => connection.reconnected(),
      stopCommands: (itemIds) => this.#stopCommands(connection.client, threadId, itemIds),
    });
    this.#turns = turns;
    return turns;
  }

  #ready(): void {
    this.#state = 'ready';
    this.#early.release();
    const { account } = this;
    if (account?.account === null && account.requiresOpenaiAuth) {
      this.#tell({ type: 'x-optio-warning', message: 'Codex is not logged in; the provider may refuse its requests' });
    }
  }

  /** The process has lived on: the thread is taken up where it is, and Codex repeats its open requests. */
  async #restore(client: CodexClient, reason: OptioError, isRetry: boolean): Promise<void> {
    const { threadId } = this;
    if (!threadId) throw reason;
    await introduce(client, this.#settings);
    const caughtUp = await catchUp(client, threadId, this.#settings, this.#told, isRetry);
    this.#tellMissed(reason.message, { ...caughtUp, told: [] });
  }

  #tellMissed(reason: string, { told, missed, isCut }: Pick<CaughtUp, 'told' | 'missed' | 'isCut'>): void {
    this.#told.tellLate(missed);
    this.#tell({ type: 'x-optio-reconnected', reason, told, missed });
    for (const notification of [...told, ...missed]) this.#onNotification(notification);
    if (isCut) this.#tell({ type: 'x-optio-warning', message: TOO_MANY_TURNS });
  }

  #onNotification(notification: CodexNotification, bytes = 0): void {
    try {
      this.#route(notification, bytes);
    } catch (error) {
      // A message that is not as the pinned Codex would send it is noise, unless it was the sandbox that changed.
      if (error instanceof OptioError) this.#connection?.end(error);
    }
  }

  #route({ method, params }: CodexNotification, bytes: number): void {
    if (method === 'configWarning' && params.summary.startsWith('Invalid configuration')) {
      const told = [params.summary, params.path, params.details].filter(Boolean).join(' ');
      throw new OptioError('codex-config-rejected', `Codex does not accept its config.toml: ${told}`, {
        remedy: 'Mend the file it names: Codex would go on without any of it, the sandbox included.',
      });
    }
    if (method === 'serverRequest/resolved') this.#desk.resolved(params.requestId);
    const notification = { method, params } as CodexNotification;
    if (!this.#turns) {
      if (this.#early.add(() => this.#onNotification(notification), bytes)) return;
      throw new OptioError('overloaded', 'Codex told more than can be kept before its thread was open');
    }
    this.#watch?.onNotification(notification);
    this.#told.onNotification(notification);
    this.#turns.onNotification(notification);
    if (method === 'turn/completed') this.#desk.turnEnded(params.turn.id);
  }

  /** Not every answer that Codex takes can say that the turn is to end as well. */
  #onInterrupt({ kind, turnId }: Request): void {
    this.#turns?.expectInterrupt(turnId);
    const isSaid = kind === 'command' || kind === 'fileChange';
    const isHere = turnId === null || turnId === this.currentTurnId;
    if (!isSaid && isHere) this.#turns?.interrupt().catch(() => {});
  }

  #onTurnEnded(result: TurnResult, ours: boolean): void {
    const { id: turnId, status, text, messages } = result;
    this.#messages.deliver({ text, info: { turnId, status, ours, messages } }, 2 * text.length);
  }

  async #stopCommands(client: CodexClient, threadId: string, itemIds: ReadonlySet<string>): Promise<void> {
    const { experimentalApi } = this.#settings;
    const resume = resumeParams(threadId, this.#settings);
    try {
      await stopCommands({ client, threadId, itemIds, experimentalApi, resume });
    } catch (error) {
      this.#tell({ type: 'x-optio-warning', message: `commands may still run: ${(error as Error).message}` });
    }
  }

  async #end(reason: OptioError): Promise<void> {
    this.#endReason = reason;
    this.#state = 'closed';
    this.#early.clear();
    this.#desk.close(reason);
    this.#turns?.close(new ConversationClosed(`the conversation has ended: ${reason.message}`, { cause: reason }));
    // The end of the output comes a little before the end of the process, and says less.
    const exited = this.#link?.exited?.catch(() => undefined);
    const exit = await Promise.race([exited, delay(EXIT_DEADLINE_MS, undefined, { ref: false })]);
    const stderr = this.#link?.stderr?.();
    this.#tell({ type: 'x-optio-closed', reason: reason.message, ...exit, ...(stderr && { stderr }) });
    this.#ended.resolve();
  }

  /** `bytes` is what it takes while it waits for a slow subscriber; the end takes nothing, for it is never dropped. */
  #tell(event: OwnEvent, bytes = 0): void {
    this.#events.deliver(event, bytes);
  }
}

/** Whether one of these messages is in a turn. */
function isOf({ items }: WireTurn, messageIds: readonly string[]): boolean {
  return (items ?? []).some(({ type, ...item }) => {
    return type === 'userMessage' && 'clientId' in item && messageIds.includes(item.clientId ?? '');
  });
}
