import { randomUUID } from 'node:crypto';
import type { CodexNotification } from '../codex/client.ts';
import type { CodexConversation } from '../codex/conversation.ts';
import type { CodexEvent } from '../codex/events.ts';
import type { MessageInput } from '../codex/input.ts';
import { JournalMapper } from '../codex/journal.ts';
import type { Turn } from '../codex/turn.ts';
import type { RunEventBody } from '../contract/event.ts';
import { type Answer, type Request, refusalOf } from '../contract/request.ts';
import type { TokenUsage } from '../contract/usage.ts';
import { GUARD, type RunView } from '../contract/view.ts';
import { type ErrorCode, fromUnknown, type OptioError } from '../errors.ts';
import type { RunContext } from '../task/context.ts';
import type { AccessGuard } from './guard.ts';
import { openCommands } from './known.ts';
import { LateNews } from './late-news.ts';
import { MessageImages } from './message-images.ts';
import { toErrorRecord } from './outcome.ts';
import { silenceNotice } from './silence.ts';
import { ToldNotices } from './told-notices.ts';

/** Why a request could not even be written down, which says nothing about its answer. */
const LEAVES: readonly ErrorCode[] = ['claim-lost', 'store-failed', 'store-full'];

/** How a message is sent. */
export interface Sending {
  /** What it is called; made up unless given. */
  readonly messageId?: string | undefined;
  /** Nobody hears why it cannot be sent: whatever the reason, the journal tells that it was refused. */
  readonly isQueued?: boolean | undefined;
  /** It is written down at once, and goes to Codex after this. */
  readonly after?: Promise<void> | undefined;
}

export interface SentAgain {
  readonly turn: Turn | undefined;
  /** Codex had it. */
  readonly hadArrived: boolean;
}

export interface Message {
  readonly text: string;
  /** Pictures: files of the workspace, or those that the task itself names. */
  readonly images?: readonly string[];
  readonly steer?: boolean;
  readonly outputSchema?: unknown;
}

/** Puts a conversation into the journal of its run: what is sent, what Codex tells, what it asks and is answered. */
export class Narrator {
  readonly #context: RunContext;
  readonly #conversation: CodexConversation;
  readonly #guard: AccessGuard;
  readonly #mapper: JournalMapper;
  /** What the journal tells as refused by now; Codex repeats what it asks whenever somebody new has come. */
  readonly #refused: Set<string>;
  readonly #notices: ToldNotices;
  readonly #images: MessageImages;
  readonly #news: LateNews<CodexEvent | CodexNotification>;
  #usage: TokenUsage | undefined;
  /** Another codex goes on where this one dies. */
  goesOn: () => boolean = () => false;
  /** Told when something could not be written down: nobody would ever know then what was done in the run. */
  onFault: (why: OptioError) => void = () => {};

  /**
   * Begins to narrate at once; `before` is the journal of another process, whose session goes on here. `taskImages`: what the
   * task names as pictures for its first message.
   */
  constructor(
    context: RunContext,
    conversation: CodexConversation,
    guard: AccessGuard,
    before?: RunView,
    taskImages?: readonly string[],
  ) {
    this.#context = context;
    const { host, directories } = context;
    this.#images = new MessageImages({
      host,
      workspace: conversation.cwd,
      directory: directories.run,
      dataDirectory: directories.data,
      ofTask: taskImages,
      before,
    });
    this.#conversation = conversation;
    this.#guard = guard;
    const asked = Object.values(before?.requests ?? {});
    this.#refused = new Set(asked.flatMap(({ request, by }) => (by === GUARD ? [request.id] : [])));
    this.#notices = new ToldNotices(before?.notices);
    this.#mapper = new JournalMapper(
      () => conversation.threadId,
      () => conversation.cwd,
    );
    for (const item of openCommands(before)) this.#mapper.commandBegan(item);
    const onFault = (thrown: unknown) => this.onFault(fromUnknown(thrown));
    this.#news = new LateNews({ tell: (told) => this.#narrate(told), written: () => context.written(), onFault });
    conversation.onEvent((event) => {
      try {
        this.#news.add([event]);
        if ('type' in event && event.type === 'x-optio-reconnected' && event.missed.length > 0)
          this.#news.add(event.missed);
      } catch (thrown) {
        onFault(thrown);
      }
    });
    for (const kind of ['approval', 'question', 'elicitation'] as const) {
      conversation.onRequest(kind, (request, _wire, withdrawn) => this.#ask(request, withdrawn));
    }
  }

  /** What the whole thread has used so far, as far as it was told. */
  get usage(): TokenUsage | undefined {
    return this.#usage;
  }

  /** Sends a message and writes down how far it came: sent, accepted, or refused. That it was taken, Codex tells. */
  async send(message: Message, { messageId = randomUUID() as string, after, isQueued }: Sending = {}): Promise<Turn> {
    const { text, images = [], steer = false } = message;
    const sent: RunEventBody = { type: 'message.sent', messageId, text, images: [...images], steer };
    try {
      await this.#images.copy(messageId, images);
    } catch (thrown) {
      if (!isQueued) throw thrown;
      this.#context.emit(sent);
      this.#context.emit({ type: 'message.refused', messageId, error: toErrorRecord(fromUnknown(thrown)) });
      throw thrown;
    }
    this.#context.emit(sent);
    await this.#context.written();
    await after;
    return this.#deliver(messageId, message);
  }

  /**
   * Sends a message that another process had sent, unless it has arrived; gives the turn in which it is, as long as that
   * runs. `canShow`: the codex that it was sent to lives, and may show it yet.
   */
  async sendAgain(messageId: string, message: Message, canShow: boolean): Promise<SentAgain> {
    const conversation = this.#conversation;
    const takenIn = conversation.takenIn(messageId) ?? (canShow ? await conversation.whenTaken(messageId) : undefined);
    if (takenIn !== undefined) return { turn: conversation.runningTurn(takenIn), hadArrived: true };
    return { turn: await this.#deliver(messageId, message), hadArrived: false };
  }

  async #deliver(messageId: string, { text, images = [], steer = false, outputSchema }: Message): Promise<Turn> {
    try {
      const pictures = await this.#images.inputs(messageId, images);
      const isPictureOnly = text === '' && pictures.length > 0;
      const input: MessageInput[] = isPictureOnly ? pictures : [{ type: 'text', text }, ...pictures];
      const turn = await this.#conversation.send(input, { messageId, steer, outputSchema });
      this.#context.emit({ type: 'message.accepted', messageId, turnId: turn.id });
      return turn;
    } catch (thrown) {
      const error = fromUnknown(thrown);
      // Whoever takes the run over, or tries it again, or goes on with its thread, will look for it.
      const isCut = this.#conversation.closed && (this.goesOn() || this.#context.isTriedAgain('failed'));
      if (this.#context.detached.aborted || isCut) throw error;
      this.#context.emit({ type: 'message.refused', messageId, error: toErrorRecord(error) });
      throw error;
    }
  }

  /** Resolves when everything that Codex has told by now is emitted. */
  settled(): Promise<void> {
    return this.#news.settled();
  }

  #narrate(event: CodexEvent | CodexNotification): void {
    if ('type' in event) this.#narrateOwn(event);
    else if ('method' in event && !('id' in event)) {
      // Requests are told by those who answer them, and answers by those who called.
      this.#tellOf(event.method, event.params);
    }
  }

  #tellOf(method: string, params: unknown): void {
    for (const body of this.#mapper.map(method, params)) {
      if (body.type === 'notice' && !this.#notices.isNews(body.message)) continue;
      if (body.type === 'usage.updated' && body.threadId === undefined) this.#usage = body.total;
      this.#context.emit(this.#images.withNames(body));
    }
  }

  #narrateOwn(event: Extract<CodexEvent, { type: string }>): void {
    switch (event.type) {
      case 'x-optio-reconnected':
        this.#context.emit({ type: 'session.reconnected', reason: event.reason });
        // What the journal has already: it is only to be known what is open of it.
        for (const { method, params } of event.told) this.#mapper.map(method, params);
        break;
      case 'x-optio-given-up':
        this.#mapper.giveUp(event.turnId, event.message);
        break;
      case 'x-optio-warning':
        if (this.#notices.isNews(event.message)) this.#warn(event.message);
        break;
      case 'x-optio-silent':
        this.#context.emit(silenceNotice('began', event.since));
        break;
      case 'x-optio-answering':
        this.#context.emit(silenceNotice('ended', event.since));
        break;
      case 'x-optio-unparseable':
        this.#warn(`Codex sent a line that is not a valid message: ${event.line.slice(0, 200)}`);
        break;
      case 'x-optio-unexpected':
        this.#warn(`Codex sent a value that is not a valid message: ${JSON.stringify(event.value).slice(0, 200)}`);
        break;
      case 'x-optio-oversized':
        this.#warn(`Codex sent a message that is too large (${event.bytes} bytes); it was left out`);
        break;
      case 'x-optio-unanswered':
        this.#warn(`Codex asked for "${event.method}", which nobody here answers; it was refused`);
        break;
      case 'x-optio-lagged':
      case 'x-optio-closed':
        break;
    }
  }

  /** The journal has the request before anyone is told, and the answer before Codex gets it. */
  async #ask(request: Request, withdrawn: AbortSignal): Promise<Answer> {
    const reason = await this.#guard.refusal(request);
    if (reason) return this.#refuse(request, reason);
    const { answer } = await this.#context.ask(request, withdrawn).catch((thrown) => this.#unanswered(thrown));
    // While a person thought about it, a directory may have become a link.
    const late = await this.#guard.refusal(request);
    return late ? this.#refuse(request, late) : answer;
  }

  /** Nobody was asked: it stays open, for the process that goes on with the run. */
  #unanswered(thrown: unknown): Promise<never> {
    const isLeft = this.#context.detached.aborted || LEAVES.includes(fromUnknown(thrown).code);
    return isLeft ? new Promise(() => {}) : Promise.reject(thrown);
  }

  #refuse(request: Request, reason: string): Answer {
    if (!this.#refused.has(request.id)) this.#context.emit({ type: 'request.refused', request, reason });
    this.#refused.add(request.id);
    return refusalOf(request, reason);
  }

  #warn(message: string): void {
    this.#context.emit({ type: 'notice', level: 'warning', message });
  }
}
