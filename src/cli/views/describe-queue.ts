import type { QueuePause } from '../../contract/message-queue.ts';

/** Why nothing of a queue is sent, for people. */
export function describeQueuePause({ reason }: QueuePause): string {
  switch (reason) {
    case 'interrupt':
      return 'Held since the turn was interrupted';
    case 'refused':
      return 'Held because a message was refused';
    case 'wish':
      return 'Held, since somebody has paused the queue';
  }
}
