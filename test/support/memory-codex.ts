import { setImmediate as immediate } from 'node:timers/promises';
import type { CodexLink } from '../../src/codex/attachment.ts';
import { CodexConversation } from '../../src/codex/conversation.ts';
import type { CodexConversationOptions } from '../../src/codex/conversation-options.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import type { Transport } from '../../src/rpc/transport.ts';
import { watchEvents } from './events.ts';
import type { SentMessage } from './peer.ts';

type Answer = { readonly result: unknown } | { readonly error: { code: number; message: string } } | undefined;
export type Answers = Readonly<Record<string, (params: never) => Answer | Promise<Answer>>>;

export const THREAD = 'thread-1';

const RESULTS: Readonly<Record<string, unknown>> = {
  initialize: {
    userAgent: 'optio_codex/0.169.0 (memory)',
    codexHome: '/',
    platformFamily: 'unix',
    platformOs: 'linux',
  },
  'account/read': { account: null, requiresOpenaiAuth: false },
  'model/list': { data: [{ id: 'm1', supportedReasoningEfforts: [] }], nextCursor: null },
  'thread/start': { thread: { id: THREAD, turns: [] }, model: 'm1', cwd: '/repo', activePermissionProfile: null },
  'thread/read': { thread: { id: THREAD, status: { type: 'idle' }, turns: [] } },
  'thread/resume': { thread: { id: THREAD, turns: [] }, model: 'm1', cwd: '/repo', activePermissionProfile: null },
};

/** An app-server in this process: it answers as it is told, and says what a test wants it to say. */
export class MemoryCodex {
  /** Everything that it was sent, in order. */
  readonly sent: SentMessage[] = [];
  /** How it answers; `undefined` leaves a call unanswered. */
  answers: Answers;
  #turns = 0;
  #connection: Transport | undefined;

  constructor(answers: Answers = {}) {
    this.answers = answers;
  }

  /** A new connection to it; what it says from now on goes there. */
  connect(): Transport {
    const [ours, theirs] = createTransportPair();
    this.#connection = ours;
    ours.start({
      onMessage: (text) => void this.#receive(JSON.parse(text) as SentMessage, ours),
      onOversized() {},
      onClose() {},
    });
    return theirs;
  }

  /** Ends the newest connection. */
  hangUp(): void {
    this.#connection?.close();
  }

  /** Says anything: an object as JSON, a text as it is. Resolves when it has been heard and has had its effect. */
  async say(message: unknown): Promise<void> {
    await this.#connection?.send(typeof message === 'string' ? message : JSON.stringify(message));
    await settled();
  }

  /** Says all of these in one go. */
  async sayAll(messages: readonly object[]): Promise<void> {
    for (const message of messages) await this.#connection?.send(JSON.stringify(message));
    await settled();
  }

  tell(method: string, params: unknown): Promise<void> {
    return this.say({ method, params });
  }

  ask(id: number | string, method: string, params: object): Promise<void> {
    return this.say({ id, method, params: { threadId: THREAD, turnId: 'turn-1', itemId: 'item-1', ...params } });
  }

  begin(turnId: string): Promise<void> {
    return this.tell('turn/started', { threadId: THREAD, turn: { id: turnId } });
  }

  start(turnId: string, item: object): Promise<void> {
    return this.tell('item/started', { threadId: THREAD, turnId, item });
  }

  complete(turnId: string, item: object): Promise<void> {
    return this.tell('item/completed', { threadId: THREAD, turnId, item });
  }

  async end(turnId: string, more: object = {}): Promise<void> {
    const turn = { id: turnId, items: [], status: 'completed', error: null, ...more };
    await this.tell('turn/completed', { threadId: THREAD, turn });
  }

  /** The params of each call of a method so far. */
  calls(method: string): unknown[] {
    return this.sent.filter((message) => message.method === method).map((message) => message.params);
  }

  /** What was replied to a request of its own: a result, or the words of the refusal. */
  replies(id: number | string): unknown[] {
    const replies = this.sent.filter((message) => message.method === undefined && message.id === id);
    return replies.map((reply) => reply.result ?? reply.error?.message);
  }

  async #receive(message: SentMessage, connection: Transport): Promise<void> {
    this.sent.push(message);
    if (message.method === undefined || message.id === undefined) return;
    const scripted = this.answers[message.method];
    const answer = scripted ? await scripted(message.params as never) : { result: this.#resultOf(message.method) };
    if (answer) await connection.send(JSON.stringify({ id: message.id, ...answer })).catch(() => {});
  }

  #resultOf(method: string): unknown {
    if (method !== 'turn/start') return RESULTS[method] ?? {};
    return { turn: { id: `turn-${++this.#turns}`, items: [], status: 'inProgress', error: null } };
  }
}

/** Resolves when everything that is under way in memory has arrived. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 3; round++) await immediate();
}

export interface MemoryOptions {
  readonly answers?: Answers;
  readonly conversation?: Partial<CodexConversationOptions>;
  readonly link?: Partial<CodexLink>;
}

/** A conversation with an app-server in memory, its reader running, not bootstrapped. */
export function attachMemoryCodex({ answers = {}, conversation: options, link }: MemoryOptions = {}) {
  const codex = new MemoryCodex(answers);
  const conversation = new CodexConversation({ cwd: '/repo', ...options });
  const watch = watchEvents(conversation);
  conversation.attach({ transport: codex.connect(), ...link });
  return { codex, conversation, reader: conversation.runReader(), ...watch };
}

/** The same, bootstrapped. */
export async function startMemoryCodex(options: MemoryOptions = {}) {
  const started = attachMemoryCodex(options);
  await started.conversation.bootstrap();
  return started;
}
