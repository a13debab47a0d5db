import type { QueuedMessage } from '../contract/message-queue.ts';
import type { SessionConfig } from './config.ts';
import type { Message } from './narrator.ts';

/** What Codex is told when a turn has to be gone on with that did not end as it should. */
export const GO_ON =
  'The last turn was cut short before it had come to its end. See what is done already, and go on from there.';

/** What a run begins with. */
export function firstMessageOf({ instructions: text, images, outputSchema }: SessionConfig): Message {
  return { text, outputSchema, ...(images && { images }) };
}

export function goOnMessageOf({ outputSchema }: SessionConfig): Message {
  return { text: GO_ON, ...(outputSchema && { outputSchema }) };
}

/** What has waited in the queue. Of a run that lasts one turn the answer to the last of it is that of the run. */
export function queuedMessageOf({ endRule, outputSchema }: SessionConfig, { text, images }: QueuedMessage): Message {
  return { text, images, ...(endRule === 'firstTurn' && outputSchema && { outputSchema }) };
}
