import type { QueuedMessage, QueuePauseReason } from '../contract/message-queue.ts';

/** The queue of a run, for whoever sends what waits in it. That a message was sent is told as any other event, and takes it out. */
export interface WaitingMessages {
  /** Nothing waits, be it that it may be sent or not. */
  readonly isEmpty: boolean;
  /** What is to be sent next; undefined where that has to wait, for somebody who changes it or until it is resumed. */
  readonly next: QueuedMessage | undefined;
  /**
   * Says that a message is being sent: nobody else sends or changes it until the result is called. Undefined when it does not
   * wait; throws `state-changed` when somebody sends it already, and `key-reused` when it says something else than this.
   */
  take(id: string, message: { readonly text: string; readonly images: readonly string[] }): (() => void) | undefined;
  /** Sends nothing more until somebody resumes it, where something waits; on disk when it resolves. */
  pause(reason: QueuePauseReason): Promise<void>;
  /** Nothing more will be sent: from now on nothing can be put there. */
  close(): void;
  /** Tells of each change, until the result is called. */
  onChange(tell: () => void): () => void;
}

/** Of a run to which nobody can write while it has no time. */
export const NOTHING_WAITS: WaitingMessages = {
  isEmpty: true,
  next: undefined,
  take: () => undefined,
  pause: async () => {},
  close: () => {},
  onChange: () => () => {},
};
