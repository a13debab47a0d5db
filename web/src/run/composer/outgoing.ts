import type { RunView } from '../../../../src/contract/view.ts';

/** A message that somebody has given away here, and that the server is not known to have yet. */
export interface OutgoingMessage {
  /** It has it at the server too, so that it arrives once, however often it is given. */
  readonly id: string;
  readonly text: string;
  /** Pictures that go with it, from the workspace on; none where an earlier page has kept it. */
  readonly images?: readonly string[] | undefined;
  /** Where it goes: into the queue of the run (also what an earlier page has kept), into the running turn, or to Codex at once. */
  readonly to?: 'queue' | 'turn' | 'codex' | undefined;
}
export type Outgoing = readonly OutgoingMessage[];

export function isOutgoing(value: unknown): value is Outgoing {
  return (
    Array.isArray(value) &&
    value.every(
      (entry) =>
        typeof entry?.id === 'string' &&
        typeof entry.text === 'string' &&
        (entry.images === undefined || (Array.isArray(entry.images) && entry.images.every(isText))),
    )
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Without what the journal has, waiting or sent: the server sees to that. What was refused is left, to be tried again. */
export function notArrived(outgoing: Outgoing, { messages, queue }: Pick<RunView, 'messages' | 'queue'>): Outgoing {
  const isThere = ({ id, to }: OutgoingMessage) => {
    const waits = to !== 'turn' && queue.some((message) => message.id === id);
    return waits || (Object.hasOwn(messages, id) && messages[id]?.state !== 'refused');
  };
  return outgoing.some(isThere) ? outgoing.filter((message) => !isThere(message)) : outgoing;
}

/** What was refused is another message when it is tried again: the journal knows the one that was refused. */
export function renewed(outgoing: Outgoing, { messages }: Pick<RunView, 'messages'>, newId: () => string): Outgoing {
  const wasRefused = ({ id }: OutgoingMessage) => Object.hasOwn(messages, id) && messages[id]?.state === 'refused';
  return outgoing.map((message) => (wasRefused(message) ? { ...message, id: newId() } : message));
}
