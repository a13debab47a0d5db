import type { QueuedMessage } from '../contract/message-queue.ts';
import type { MessageView } from '../contract/view.ts';
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

/** What has waited in the queue. */
export function queuedMessageOf(config: SessionConfig, { text, images }: QueuedMessage): Message {
  return { text, images, ...schemaFor(config, { text, steer: false, wasQueued: true }) };
}

/** What was sent before, as it was sent then. */
export function messageAgainOf(
  config: SessionConfig,
  message: Pick<MessageView, 'text' | 'images' | 'steer' | 'wasQueued'>,
): Message {
  const { text, images, steer } = message;
  return { text, images, steer, ...schemaFor(config, message) };
}

/** As what the answer is asked for: of a run that lasts one turn the answer to the last that has waited is that of the run. */
function schemaFor(
  { autoStart, endRule, instructions, outputSchema }: SessionConfig,
  { text, steer, wasQueued }: Pick<MessageView, 'text' | 'steer' | 'wasQueued'>,
): Pick<Message, 'outputSchema'> {
  if (steer || outputSchema === undefined) return {};
  const isOurs = text === GO_ON || (autoStart && text === instructions);
  return (wasQueued ? endRule === 'firstTurn' : isOurs) ? { outputSchema } : {};
}
