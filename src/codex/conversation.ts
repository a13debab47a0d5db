import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { TurnStatus } from '../contract/event.ts';
import { ConversationClosed, fromUnknown, OptioError } from '../errors.ts';
import type { Transport } from '../rpc/transport.ts';
import { type CodexHandle, type CodexLink, toLink } from './attachment.ts';
import type { CodexNotification } from './client.ts';
import { CodexConnection } from './connection.ts';
import { type CodexConversationOptions, type ConversationSettings, checkOptions } from './conversation-options.ts';
import { type CodexEvent, type OwnEvent, toOwnEvent } from './events.ts';
import type { Login } from './handshake.ts';
import { type MessageInput, toUserInput } from './input.ts';
import { LiveThread } from './live-thread.ts';
import { checkEffort } from './models.ts';
import { type PermissionHandler, toAnswer, toPermissionRequest } from './permission.ts';
import { isProgramKind, PROGRAM_METHODS, type ProgramKind, type ProgramMethod } from './program-requests.ts';
import type { InitializeResponse } from './protocol/InitializeResponse.ts';
import type { GetAccountResponse } from './protocol/v2/GetAccountResponse.ts';
import type { Model } from './protocol/v2/Model.ts';
import { type ProgramHandler, RequestDesk, type RequestHandler } from './requests.ts';
import { Subscribers } from './subscribers.ts';
import type { Turn, TurnResult } from './turn.ts';
import type { Turns } from './turns.ts';

/** How long the end of the process may come after the end of its output, in milliseconds. */
const EXIT_DEADLINE_MS = 2_000;

export interface SendOptions {
  /** Put it into the running turn instead of waiting for the end of it; a turn is started when none runs. */
  readonly steer?: boolean;
  /** A JSON schema that the answer of this turn has to follow; not with `steer`. */
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
  readonly #thread: LiveThread;
  readonly #ended = Promise.withResolvers<void>();
  readonly #closeRequested = Promise.withResolvers<void>();
  #state: State = 'new';
  #link: CodexLink | undefined;
  #connection: CodexConnection | undefined;
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
        changesOf: (itemId) => this.#thread.changesOf(itemId),
      }),
      reply: async (wire, result) => this.#connection?.client.respond(wire, result),
      refuse: async (wire, message) => this.#connection?.client.refuse(wire, message),
      onUnanswered: ({ method, id }) => this.#tell({ type: 'x-optio-unanswered', method, id }, method.length),
      onInterrupt: (request) => this.#thread.onInterrupt(request),
    });
    this.#thread = new LiveThread({
      settings: this.#settings,
      desk: this.#desk,
      tell: (event) => this.#tell(event),
      onTurnEnded: (result, ours) => this.#onTurnEnded(result, ours),
      onFatal: (reason) => this.#connection?.end(reason),
      readEnd: async (file, maxBytes) => this.#link?.readEnd?.(file, maxBytes),
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
      await this.#thread.open(this.#connection);
      if (this.#endReason) throw this.#endReason;
      this.#state = 'ready';
      this.#thread.release();
    } catch (error) {
      const reason = this.#endReason ?? fromUnknown(error);
      this.#connection.end(reason);
      throw reason;
    }
    const { account } = this;
    if (account?.account === null && account.requiresOpenaiAuth) {
      this.#tell({ type: 'x-optio-warning', message: 'Codex is not logged in; the provider may refuse its requests' });
    }
  }

  /**
   * Sends a message: it starts a turn, or waits until the running one is over, or goes into it with `steer`. Resolves
   * once Codex has accepted it. Rejects with `turn-rejected` and Codex's words when it does not, and with `invalid-input`
   * when the message and its options do not go together.
   */
  async send(message: string | readonly MessageInput[], options: SendOptions = {}): Promise<Turn> {
    const turns = this.#readyTurns();
    refuseLateSchema(options);
    checkEffort(this.modelList.data, this.currentModelId, this.currentEffort ?? undefined);
    return turns.send({
      messageId: options.messageId ?? randomUUID(),
      input: toUserInput(message),
      steer: options.steer ?? false,
      ...(options.outputSchema !== undefined && { outputSchema: options.outputSchema }),
    });
  }

  /**
   * Ends the running turn and what it runs; resolves when it has ended. Does nothing when none runs. `turnId`: nor when it is
   * another one that does.
   */
  async interrupt({ turnId }: { readonly turnId?: string | undefined } = {}): Promise<void> {
    // Before the thread is there no turn runs, and after the end none does any more.
    if (this.#state === 'ready') await this.#thread.turns?.interrupt(turnId);
  }

  /** Chooses the model for the turns to come. Nothing is sent now: it rides on the next turn. */
  requestModelChange(model: string): void {
    this.#readyTurns();
    this.#thread.watch?.requestModel(model);
  }

  /**
   * Chooses how hard the model is to think in the turns to come; it rides on the next turn, too. Throws `invalid-input` for an
   * effort that the model is known not to take.
   */
  requestEffortChange(effort: string): void {
    this.#readyTurns();
    checkEffort(this.modelList.data, this.currentModelId, effort);
    this.#thread.watch?.requestEffort(effort);
  }

  /** Gives Codex a newer token of the account that it is logged in with; turns that run go on with it. */
  async renewLogin(login: Login): Promise<void> {
    this.#readyTurns();
    await this.#connection?.client.call('account/login/start', login);
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

  /** Lets go of the connection at once, and of nothing else: process and thread live on for somebody else to take up. */
  leave(): void {
    this.#connection?.end(new OptioError('aborted', 'the conversation was left to somebody else'));
  }

  /** Resolves when `close` was called. */
  get closeRequested(): Promise<void> {
    return this.#closeRequested.promise;
  }

  get closed(): boolean {
    return this.#state === 'closed';
  }

  /** Codex gives no sign of life, though its process is there. */
  get isSilent(): boolean {
    return this.#connection?.isSilent ?? false;
  }

  /** Why it ended; null while it goes on. */
  get endReason(): OptioError | null {
    return this.#endReason ?? null;
  }

  /** Turns with messages of ours that another process had sent and of which we do not know the end; see `known`. */
  get adopted(): readonly Turn[] {
    return this.#thread.adopted;
  }

  /** The turn in which a message was seen, by now. */
  takenIn(messageId: string): string | undefined {
    return this.#thread.turns?.takenIn(messageId);
  }

  /** The turn that has a message which another process had sent, soon; undefined when it never arrived. */
  async whenTaken(messageId: string): Promise<string | undefined> {
    return this.#readyTurns().whenTaken(messageId);
  }

  /** A turn that runs and has a message of ours, whoever had sent it; undefined when it does not run (any more). */
  runningTurn(turnId: string): Turn | undefined {
    return this.#thread.turns?.running(turnId);
  }

  /** True while a message or a turn of ours is not over. */
  isPending(): boolean {
    return this.#thread.turns?.isPending ?? false;
  }

  /** Null before the bootstrap. */
  get threadId(): string | null {
    return this.#thread.handshake?.thread.thread.id ?? null;
  }

  /** Where Codex works, as it says itself once there is a thread. */
  get cwd(): string {
    return this.#thread.handshake?.thread.cwd ?? this.#settings.cwd;
  }

  /** The turn that runs on the thread, whoever started it; null between turns. */
  get currentTurnId(): string | null {
    return this.#thread.turns?.currentTurnId ?? null;
  }

  /** What Codex said of itself; null before the bootstrap. */
  get serverInfo(): (InitializeResponse & { readonly version: string }) | null {
    const { handshake } = this.#thread;
    return handshake ? { ...handshake.serverInfo, version: handshake.version } : null;
  }

  /** Null before the bootstrap, and when Codex could not tell. */
  get account(): GetAccountResponse | null {
    return this.#thread.handshake?.account ?? null;
  }

  /** The models that Codex offers; empty before the bootstrap, and when it could not tell. */
  get modelList(): { readonly data: readonly Model[] } {
    return { data: this.#thread.handshake?.models ?? [] };
  }

  /** The model that was last asked for, or else the one that the thread said it uses. */
  get currentModelId(): string | null {
    return this.#thread.watch?.modelId ?? null;
  }

  /** The effort that was last asked for, or else the one that the thread said it has; null when nobody has chosen one. */
  get currentEffort(): string | null {
    return this.#thread.watch?.effort ?? null;
  }

  #readyTurns(): Turns {
    if (this.#state === 'closed') throw new ConversationClosed(undefined, { cause: this.#endReason });
    const { turns } = this.#thread;
    if (this.#state !== 'ready' || !turns) {
      throw new OptioError('conversation-not-ready', 'bootstrap the conversation first');
    }
    return turns;
  }

  #open(link: CodexLink): CodexConnection {
    return new CodexConnection({
      link,
      callDeadlineMs: this.#settings.callDeadlineMs,
      heartbeat: this.#settings.heartbeat,
      receiver: {
        onValue: (value, bytes) => {
          if (!this.#thread.isRepeated(value as object)) this.#events.deliver(value as CodexEvent, bytes);
        },
        onNotification: (method, params, bytes) => {
          const notification = { method, params } as CodexNotification;
          if (!this.#thread.isRepeated(notification)) this.#thread.onNotification(notification, bytes);
        },
        onRequest: (request, bytes) => this.#desk.receive(request, bytes),
        onSilence: ({ kind, since }) => {
          if (kind !== 'tooLong')
            this.#tell({ type: kind === 'began' ? 'x-optio-silent' : 'x-optio-answering', since });
        },
        onNoise: (noise, bytes) => this.#tell(toOwnEvent(noise), bytes),
      },
      restore: (client, reason, isRetry) => this.#thread.restore(client, reason, isRetry),
      onEnd: (reason) => void this.#end(reason),
    });
  }

  #onTurnEnded(result: TurnResult, ours: boolean): void {
    const { id: turnId, status, text, messages } = result;
    this.#messages.deliver({ text, info: { turnId, status, ours, messages } }, 2 * text.length);
  }

  async #end(reason: OptioError): Promise<void> {
    this.#endReason = reason;
    this.#state = 'closed';
    this.#desk.close(reason);
    this.#thread.close(new ConversationClosed(`the conversation has ended: ${reason.message}`, { cause: reason }));
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

/** A running turn keeps the schema that it was started with. */
function refuseLateSchema({ steer, outputSchema }: SendOptions): void {
  if (!steer || outputSchema === undefined) return;
  throw new OptioError('invalid-input', 'outputSchema: a message that goes into a running turn cannot have a schema', {
    field: 'outputSchema',
    remedy: 'Send it without `steer`: it starts a turn of its own, whose answer follows the schema.',
  });
}
