import { z } from 'zod';
import type { CreateOptions } from './create-options.ts';

/** How many messages may wait in a run, and how much they may say together, in characters, names of pictures included. */
export const MAX_QUEUED = 100;
export const MAX_QUEUED_LENGTH = 1024 * 1024;
/** How long the name of a picture may be that waits with a message, in characters. */
export const MAX_IMAGE_NAME = 4_096;

export const queuedMessageSchema = z.object({
  /** The message keeps it when it is sent. */
  id: z.string(),
  text: z.string(),
  images: z.array(z.string()),
  /** Somebody is changing it: neither it nor what comes after it is sent. Left out when nobody is. */
  isHeld: z.boolean().optional(),
  /** Who put it there, or changed what it says after that; left out where that is not known. */
  by: z.string().optional(),
});
/** A message that waits until the run has time for it. */
export type QueuedMessage = z.infer<typeof queuedMessageSchema>;

const queuePauseReasonSchema = z.enum(['wish', 'interrupt', 'refused']);
export type QueuePauseReason = z.infer<typeof queuePauseReasonSchema>;

const queuePauseSchema = z.object({
  /** Somebody wished it, a turn was interrupted, or the message before was refused: by Codex, or since one of its pictures is gone. */
  reason: queuePauseReasonSchema,
});
/** Why nothing is sent of what waits, until somebody says so. */
export type QueuePause = z.infer<typeof queuePauseSchema>;

export const queueStateSchema = z.object({
  messages: z.array(queuedMessageSchema),
  /** Null while they are sent one after the other. */
  pause: queuePauseSchema.nullable(),
});
/** What waits in a run to be sent, in its order. */
export type QueueState = z.infer<typeof queueStateSchema>;

export interface QueueMessageOptions extends CreateOptions {
  /** Pictures to go with it (none), as for `send`; they are looked at when it is sent. */
  readonly images?: readonly string[] | undefined;
  /** Who puts it there, for the record (nobody is named; over HTTP it is the name of the token). */
  readonly by?: string | undefined;
}

export interface EditQueuedOptions {
  /** What it has said before: throws `state-changed` when somebody has changed it meanwhile (whatever it says now is replaced). */
  readonly was?: string | undefined;
  /** Who changes it, in the place of whoever put it there (nobody is named; over HTTP it is the name of the token). */
  readonly by?: string | undefined;
}

/**
 * The messages of a run that wait. Whoever works on the run sends them, each when the turn before has ended, whether anybody
 * looks on or not. They are in the journal, so that everybody sees the same. What changes the queue is on disk when it resolves;
 * it throws `conversation-not-ready` once the run ends or has ended, and `state-changed` for a message that is being sent.
 */
export interface MessageQueue {
  /** What waits. Throws `not-found` for a run that was removed. */
  list(): Promise<QueueState>;
  /**
   * Puts a message at the end. The key is its id, also when it is sent. Throws `queue-full`, `invalid-input` for one that says
   * nothing, and `key-reused`.
   */
  add(text: string, options?: QueueMessageOptions): Promise<QueuedMessage>;
  /** Changes what a message says, and lets it go where it was held. Throws `not-found`, `queue-full`, `invalid-input`. */
  edit(id: string, text: string, options?: EditQueuedOptions): Promise<void>;
  /** Puts a message before another one, or at the end (null). Throws `not-found` for either. */
  move(id: string, before: string | null): Promise<void>;
  /** Takes a message back. Throws `not-found`. */
  remove(id: string): Promise<void>;
  /** Takes all of them back. */
  clear(): Promise<void>;
  /** Says that somebody is changing a message: neither it nor what comes after it is sent until it is released. Throws `not-found`. */
  hold(id: string): Promise<void>;
  /** Lets a message go, whoever has held it. Throws `not-found`. */
  release(id: string): Promise<void>;
  /** Sends nothing more until it is resumed; also what is yet to come. */
  pause(): Promise<void>;
  /** Goes on sending, also after an interrupt. */
  resume(): Promise<void>;
}

/** What of a view is about the queue. */
export interface QueueView {
  queue: QueuedMessage[];
  queuePause: QueuePause | null;
}

/** What happens to the queue. Each takes its place in the union of events. */
export const queueEventSchemas = [
  z.object({
    type: z.literal('message.queued'),
    messageId: z.string(),
    /** Of a message that waits already it takes the place of what that has said. */
    text: z.string(),
    images: z.array(z.string()),
    by: z.string().optional(),
  }),
  z.object({ type: z.literal('message.dequeued'), messageId: z.string() }),
  z.object({ type: z.literal('message.held'), messageId: z.string() }),
  z.object({ type: z.literal('message.released'), messageId: z.string() }),
  z.object({
    type: z.literal('queue.ordered'),
    /** In their new order. What does not wait any more is left out, and what is not named comes last. */
    messageIds: z.array(z.string()),
  }),
  z.object({ type: z.literal('queue.paused'), ...queuePauseSchema.shape }),
  z.object({ type: z.literal('queue.resumed') }),
] as const;

export type QueueEvent = z.infer<(typeof queueEventSchemas)[number]>;

/** Takes what happens to the queue into a view, in place. */
export function applyToQueue(view: QueueView, event: QueueEvent): void {
  switch (event.type) {
    case 'message.queued':
      putQueued(view, event);
      break;
    case 'message.dequeued':
      takeOut(view, event.messageId);
      break;
    case 'message.held':
      view.queue = view.queue.map((each) => (each.id === event.messageId ? { ...each, isHeld: true } : each));
      break;
    case 'message.released':
      view.queue = view.queue.map((each) => (each.id === event.messageId ? letGo(each) : each));
      break;
    case 'queue.ordered':
      view.queue = inOrder(view.queue, event.messageIds);
      break;
    case 'queue.paused':
      view.queuePause = { reason: event.reason };
      break;
    case 'queue.resumed':
      view.queuePause = null;
      break;
  }
}

/** A message waits no more: it was sent, or taken back. With the last of them nothing is left that an interrupt could hold. */
export function takeOut(view: QueueView, messageId: string): boolean {
  const left = view.queue.filter(({ id }) => id !== messageId);
  if (left.length === view.queue.length) return false;
  view.queue = left;
  if (left.length === 0 && view.queuePause?.reason !== 'wish') view.queuePause = null;
  return true;
}

function putQueued(
  view: QueueView,
  { messageId: id, text, images, by }: QueueEvent & { type: 'message.queued' },
): void {
  const message = { id, text, images: [...images], ...(by !== undefined && { by }) };
  const at = view.queue.findIndex((each) => each.id === id);
  view.queue = at < 0 ? [...view.queue, message] : view.queue.with(at, message);
}

function letGo({ isHeld: _, ...message }: QueuedMessage): QueuedMessage {
  return message;
}

function inOrder(queue: readonly QueuedMessage[], ids: readonly string[]): QueuedMessage[] {
  const named = [...new Set(ids)].flatMap((id) => queue.find((each) => each.id === id) ?? []);
  return [...named, ...queue.filter((each) => !named.includes(each))];
}
