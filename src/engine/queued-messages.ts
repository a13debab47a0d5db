import { isDeepStrictEqual } from 'node:util';
import { keyReused } from '../contract/create-options.ts';
import type { RunEventBody } from '../contract/event.ts';
import {
  applyToQueue,
  type EditQueuedOptions,
  MAX_QUEUED,
  MAX_QUEUED_LENGTH,
  type QueuedMessage,
  type QueueEvent,
  type QueuePauseReason,
  type QueueState,
  type QueueView,
  takeOut,
} from '../contract/message-queue.ts';
import type { WaitingMessages } from '../task/waiting-messages.ts';
import { changedMeanwhile, checkSays, isFull, isOver, isSent, notQueued } from './queue-refusals.ts';

const MAX_LEFT = 1_000;

export interface QueuedMessagesOptions {
  readonly runId: string;
  /** Resolves when it is on disk. */
  readonly write: (event: QueueEvent) => Promise<void>;
  /** What the journal says of it; undefined while that is not known. */
  readonly before?: QueueView | undefined;
}

/**
 * The queue of a run on which this process works. What is asked of it is decided at once, in the order in which it is asked, and
 * written down in that order.
 */
export class QueuedMessages implements WaitingMessages {
  readonly #options: QueuedMessagesOptions;
  readonly #view: QueueView = { queue: [], queuePause: null };
  readonly #known = Promise.withResolvers<void>();
  /** Those that somebody sends just now. */
  readonly #sending = new Set<string>();
  readonly #listeners = new Set<() => void>();
  /** Those that were sent or taken back, the newest: whoever has not heard of that may try to put them there again. */
  readonly #left = new Set<string>();
  /** Resolves when all that was decided so far is on disk: who asks for what is so already may not hear of it before. */
  #written: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(options: QueuedMessagesOptions) {
    this.#options = options;
    if (options.before) this.takeUp(options.before);
  }

  /** Goes on from what the journal says; `left` was sent, or taken back, one after the other. */
  takeUp({ queue, queuePause }: QueueView, left: readonly string[] = []): void {
    for (const id of left.slice(-MAX_LEFT)) this.#leave(id);
    this.#view.queue = [...queue];
    this.#view.queuePause = queuePause;
    this.#known.resolve();
    this.#tell();
  }

  /** Resolves when it is known what the journal says. */
  get known(): Promise<void> {
    return this.#known.promise;
  }

  get state(): QueueState {
    return { messages: this.#view.queue, pause: this.#view.queuePause };
  }

  get isEmpty(): boolean {
    return this.#view.queue.length === 0;
  }

  get next(): QueuedMessage | undefined {
    const [head] = this.#view.queue;
    const waits = this.#isClosed || !head || head.isHeld || this.#view.queuePause !== null || this.#sending.size > 0;
    return waits ? undefined : head;
  }

  find(id: string): QueuedMessage | undefined {
    return this.#view.queue.find((message) => message.id === id);
  }

  /** It is over with the run, or about to be. */
  close(): void {
    this.#isClosed = true;
    this.#known.resolve();
  }

  onChange(tell: () => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  /** A message that is sent leaves the queue. */
  onEvent(event: RunEventBody): void {
    if (event.type !== 'message.sent' || !takeOut(this.#view, event.messageId)) return;
    this.#leave(event.messageId);
    this.#tell();
  }

  take(
    id: string,
    { text, images }: { readonly text: string; readonly images: readonly string[] },
  ): (() => void) | undefined {
    const message = this.find(id);
    if (!message) return undefined;
    this.#checkFree(id);
    if (message.text !== text) throw keyReused(id, 'another message, which waits in the queue');
    if (!isDeepStrictEqual(message.images, [...images])) throw keyReused(id, 'the same message with other images');
    this.#sending.add(id);
    return () => {
      this.#sending.delete(id);
      this.#tell();
    };
  }

  async pause(reason: QueuePauseReason): Promise<void> {
    if (this.#isClosed) return;
    const isSo = this.#view.queuePause !== null || (reason !== 'wish' && this.isEmpty);
    if (isSo) return this.#written; // the first reason holds
    await this.#write({ type: 'queue.paused', reason });
  }

  /** One that waits already, or did and was sent or taken back, is the same again, and nothing is done. */
  async add({ id, text, images, by }: Omit<QueuedMessage, 'isHeld'>): Promise<QueuedMessage> {
    this.#checkOpen();
    const before = this.find(id);
    if (before) {
      if (before.text !== text) throw keyReused(id, 'another message');
      if (!isDeepStrictEqual(before.images, images)) throw keyReused(id, 'the same message with other images');
      await this.#written;
      return before;
    }
    if (this.#left.has(id)) {
      await this.#written;
      return { id, text, images };
    }
    checkSays({ text, images });
    this.#checkRoom(lengthOf({ text, images }), 1);
    await this.#write({ type: 'message.queued', messageId: id, text, images, ...(by !== undefined && { by }) });
    return { id, text, images, ...(by !== undefined && { by }) };
  }

  async edit(id: string, text: string, { was, by: editor }: EditQueuedOptions = {}): Promise<void> {
    const { images, by: author, text: before, isHeld } = this.#toChange(id);
    if (before === text && !isHeld) return this.#written;
    if (was !== undefined && before !== was && before !== text) throw changedMeanwhile(id);
    checkSays({ text, images });
    this.#checkRoom(text.length - before.length, 0);
    const by = text === before ? author : editor;
    await this.#write({ type: 'message.queued', messageId: id, text, images, ...(by !== undefined && { by }) });
  }

  async move(id: string, before: string | null): Promise<void> {
    this.#toChange(id);
    if (before === id) return this.#written;
    if (before !== null) this.#toChange(before);
    const others = this.#view.queue.filter((message) => message.id !== id).map((message) => message.id);
    const at = before === null ? others.length : others.indexOf(before);
    await this.#write({ type: 'queue.ordered', messageIds: others.toSpliced(at, 0, id) });
  }

  async remove(id: string): Promise<void> {
    this.#toChange(id);
    await this.#write({ type: 'message.dequeued', messageId: id });
  }

  /** What is being sent just now stays. */
  async clear(): Promise<void> {
    this.#checkOpen();
    const ids = this.#view.queue.flatMap(({ id }) => (this.#sending.has(id) ? [] : [id]));
    await Promise.all([this.#written, ...ids.map((messageId) => this.#write({ type: 'message.dequeued', messageId }))]);
  }

  async hold(id: string): Promise<void> {
    await (this.#toChange(id).isHeld ? this.#written : this.#write({ type: 'message.held', messageId: id }));
  }

  async release(id: string): Promise<void> {
    await (this.#toChange(id).isHeld ? this.#write({ type: 'message.released', messageId: id }) : this.#written);
  }

  async resume(): Promise<void> {
    this.#checkOpen();
    await (this.#view.queuePause === null ? this.#written : this.#write({ type: 'queue.resumed' }));
  }

  /** The same by wish, which is refused once it is over. */
  async pauseByWish(): Promise<void> {
    this.#checkOpen();
    await this.pause('wish');
  }

  #toChange(id: string): QueuedMessage {
    this.#checkOpen();
    const message = this.find(id);
    if (!message) throw notQueued(this.#options.runId, id);
    this.#checkFree(id);
    return message;
  }

  #checkFree(id: string): void {
    if (this.#sending.has(id)) throw isSent(id);
  }

  #checkOpen(): void {
    if (this.#isClosed) throw isOver(this.#options.runId);
  }

  #checkRoom(more: number, count: number): void {
    const length = this.#view.queue.reduce((sum, message) => sum + lengthOf(message), more);
    if (this.#view.queue.length + count <= MAX_QUEUED && length <= MAX_QUEUED_LENGTH) return;
    throw isFull(this.#options.runId, length > MAX_QUEUED_LENGTH);
  }

  #write(event: QueueEvent): Promise<void> {
    applyToQueue(this.#view, event);
    if (event.type === 'message.dequeued') this.#leave(event.messageId);
    this.#written = this.#options.write(event);
    const written = this.#written;
    this.#tell();
    return written;
  }

  #leave(id: string): void {
    this.#left.add(id);
    const [oldest] = this.#left;
    if (this.#left.size > MAX_LEFT && oldest !== undefined) this.#left.delete(oldest);
  }

  #tell(): void {
    for (const tell of this.#listeners) tell();
  }
}

/** Names of pictures count like what it says: all of it is read whenever somebody looks at the run. */
function lengthOf({ text, images }: Pick<QueuedMessage, 'text' | 'images'>): number {
  return images.reduce((sum, name) => sum + name.length, text.length);
}
