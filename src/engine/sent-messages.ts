import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { checkIdempotencyKey, keyReused } from '../contract/create-options.ts';
import type { RunEvent, RunEventOf } from '../contract/event.ts';
import type { RunTurn, SendMessageOptions } from '../contract/run-handle.ts';
import { toRunTurn } from '../contract/run-turn.ts';
import { ConversationClosed, fromUnknown, OptioError } from '../errors.ts';
import type { Messages, SentMessage } from '../store/store.ts';
import type { SessionControls } from '../task/context.ts';

export interface SentMessagesOptions {
  readonly messages: Messages;
  /** See `RunControls`, and for the events `RunReader`. */
  readonly session: (runId: string) => Promise<SessionControls>;
  readonly lastSeq: (runId: string) => number;
  readonly past: (runId: string, after: number) => AsyncIterable<RunEvent>;
  readonly events: (runId: string, options: { readonly after: number }) => AsyncIterable<RunEvent>;
}

interface Message {
  readonly text: string;
  readonly images: readonly string[];
  readonly steer: boolean;
  readonly messageId: string;
}

interface UnderWay {
  readonly message: Message;
  readonly turn: Promise<RunTurn>;
}

/** Sends messages to runs. One with a key, which is its id then, arrives once, however often somebody sends it. */
export class SentMessages {
  readonly #options: SentMessagesOptions;
  /** Those with a key that Codex has not accepted yet, by run and key. */
  readonly #underWay = new Map<string, UnderWay>();

  constructor(options: SentMessagesOptions) {
    this.#options = options;
  }

  /** See `RunHandle.send`. */
  async send(runId: string, text: string, options: SendMessageOptions = {}): Promise<RunTurn> {
    const { steer = false, images = [], idempotencyKey } = options;
    if (idempotencyKey === undefined) return this.#send(runId, { text, images, steer, messageId: randomUUID() });
    checkIdempotencyKey(idempotencyKey);
    const message = { text, images, steer, messageId: idempotencyKey };
    const place = JSON.stringify([runId, idempotencyKey]);
    const before = this.#underWay.get(place);
    if (before) {
      checkSame(before.message, message);
      return before.turn;
    }
    const turn = this.#sendOnce(runId, message).finally(() => this.#underWay.delete(place));
    this.#underWay.set(place, { message, turn });
    return turn;
  }

  async #sendOnce(runId: string, message: Message): Promise<RunTurn> {
    const before = await this.#sentBefore(runId, message);
    if (before) return before;
    await this.#options.session(runId);
    // Whoever worked on the run until then may have written it down at the last moment.
    return (await this.#sentBefore(runId, message)) ?? this.#send(runId, message);
  }

  async #send(runId: string, { text, images, steer, messageId }: Message): Promise<RunTurn> {
    const session = await this.#options.session(runId);
    const after = this.#options.lastSeq(runId);
    const events = () => this.#options.events(runId, { after });
    const sent = session.send(text, { steer, messageId, images });
    const turnId = await sent.then((turn) => turn.turnId).catch((thrown) => turnOfLater(events(), messageId, thrown));
    return toRunTurn(turnId, events, after);
  }

  /** The turn of a message that was sent with this key before, maybe by a process that has died since. */
  async #sentBefore(runId: string, message: Message): Promise<RunTurn | undefined> {
    const { messages, past, events } = this.#options;
    const sent = await messages.find(runId, message.messageId);
    if (!sent) return undefined;
    checkSame(sent, message);
    const told = new Arrival(sent);
    for await (const event of past(runId, sent.seq)) told.add(event);
    if (told.turnId === undefined)
      for await (const event of events(runId, { after: told.seq })) if (told.add(event)) break;
    if (told.turnId === undefined) throw neverArrived(runId, told);
    return toRunTurn(told.turnId, () => events(runId, { after: sent.seq }), sent.seq);
  }
}

/** What a journal tells of a message since it was sent. */
class Arrival {
  /** The last event that is contained. */
  seq: number;
  turnId: string | undefined;
  hasEnded = false;
  readonly #messageId: string;
  #isTaken = false;

  constructor({ seq, messageId }: SentMessage) {
    this.seq = seq;
    this.#messageId = messageId;
  }

  /** True once the turn is known. Throws why the message was refused. */
  add(event: RunEvent): boolean {
    this.seq = event.seq;
    if (event.type === 'run.ended') this.hasEnded = true;
    if (!isAboutSending(event) || event.messageId !== this.#messageId) return false;
    if (event.type === 'message.refused') {
      const { code, message, remedy } = event.error;
      throw new OptioError(code, message, remedy === undefined ? {} : { remedy });
    }
    if (event.type === 'message.sent' || this.#isTaken) return false;
    // Where the codex that had accepted it died, it is taken in another turn.
    this.#isTaken = event.type === 'message.taken';
    this.turnId = event.turnId;
    return true;
  }
}

function isAboutSending(
  event: RunEvent,
): event is RunEventOf<'message.sent' | 'message.accepted' | 'message.taken' | 'message.refused'> {
  return ['message.sent', 'message.accepted', 'message.taken', 'message.refused'].includes(event.type);
}

function checkSame(before: Omit<Message, 'messageId'>, { text, images, steer, messageId }: Message): void {
  if (before.text !== text) throw keyReused(messageId, 'another message');
  if (!isDeepStrictEqual(before.images, [...images])) throw keyReused(messageId, 'the same message with other images');
  if (before.steer !== steer) throw keyReused(messageId, `the same message ${steer ? 'without' : 'with'} \`steer\``);
}

/**
 * Where codex dies before it has accepted a message, another one may go on with the thread and get it: the turn in which
 * it is then. Throws what was thrown where none is.
 */
async function turnOfLater(events: AsyncIterable<RunEvent>, messageId: string, thrown: unknown): Promise<string> {
  const { code } = fromUnknown(thrown);
  if (code !== 'conversation-closed' && code !== 'codex-exited' && code !== 'connection-closed') throw thrown;
  for await (const event of events) {
    if (!('messageId' in event) || event.messageId !== messageId) continue;
    if (event.type === 'message.accepted' || event.type === 'message.taken') return event.turnId;
    if (event.type === 'message.refused') break;
  }
  throw thrown;
}

function neverArrived(runId: string, { hasEnded }: Arrival): OptioError {
  if (hasEnded) return new ConversationClosed(`the run ${runId} has ended before Codex had the message`);
  return new OptioError('aborted', `optio-codex is closed here, and Codex does not have the message yet`, {
    remedy: 'The next process sends it, if the run goes on.',
  });
}
