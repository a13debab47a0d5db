import type { RunView } from '../../../../src/contract/view.ts';

/** A message that somebody has given away and that Codex does not have yet. */
export interface QueuedMessage {
  /** The message has it in the journal too, so that it arrives once, whoever sends it, and however often. */
  readonly id: string;
  readonly text: string;
  /** It goes into the running turn. */
  readonly steer: boolean;
  /** Pictures that go with it, from the workspace on; none where an earlier page has kept it. */
  readonly images?: readonly string[] | undefined;
  /** Somebody is about to change it: neither it nor what comes after it is sent before that. */
  readonly isHeld?: boolean | undefined;
}
export type Queue = readonly QueuedMessage[];

export function isQueue(value: unknown): value is Queue {
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

/** What a message says, in a line: of pictures alone that it is these. */
export function saidIn({ text, images = [] }: Pick<QueuedMessage, 'text' | 'images'>): string {
  const pictures = images.length === 0 ? '' : images.length === 1 ? '1 picture' : `${images.length} pictures`;
  return text === '' ? pictures : text;
}

export function edited(queue: Queue, id: string, text: string): Queue {
  return queue.map((message) => (message.id === id ? { ...message, text, isHeld: undefined } : message));
}

/** Keeps a message from being sent, or lets it go. */
export function held(queue: Queue, id: string, isHeld: boolean): Queue {
  return queue.map((message) => (message.id === id ? { ...message, isHeld } : message));
}

export function without(queue: Queue, id: string): Queue {
  return queue.filter((message) => message.id !== id);
}

/** One place earlier (`-1`) or later (`1`). */
export function moved(queue: Queue, id: string, step: -1 | 1): Queue {
  const from = queue.findIndex((message) => message.id === id);
  const to = from + step;
  const [message, other] = [queue[from], queue[to]];
  if (!message || !other) return queue;
  return queue.with(from, other).with(to, message);
}

/** What was refused is another message when it is tried again: the journal knows the one that was refused. */
export function renewed(queue: Queue, { messages }: Pick<RunView, 'messages'>, newId: () => string): Queue {
  const wasRefused = ({ id }: QueuedMessage) => Object.hasOwn(messages, id) && messages[id]?.state === 'refused';
  return queue.map((message) => (wasRefused(message) ? { ...message, id: newId() } : message));
}

/** What the journal does not have: once a message stands there, the server sees to it. */
export function notSent(queue: Queue, { messages }: Pick<RunView, 'messages'>): Queue {
  const isThere = ({ id }: QueuedMessage) => Object.hasOwn(messages, id) && messages[id]?.state !== 'refused';
  return queue.some(isThere) ? queue.filter((message) => !isThere(message)) : queue;
}

/** The message that is to be sent now; undefined while there is none, or while it has to wait. */
export function nextToSend(queue: Queue, view: RunView): QueuedMessage | undefined {
  const [head] = queue;
  if (!head || view.state !== 'running' || view.session === null) return undefined;
  const steering = queue.find(({ steer, isHeld }) => steer && !isHeld);
  if (steering) return steering;
  return head.isHeld || isTurnUnderWay(view) ? undefined : head;
}

/** The turn of the run's own thread that goes on. */
export function runningTurn({ turns, turnOrder }: Pick<RunView, 'turns' | 'turnOrder'>): string | undefined {
  return turnOrder.findLast((id) => turns[id]?.threadId === null && turns[id].status === 'running');
}

/** A turn goes on, or a message is on its way that will begin one. One that Codex has not taken before its turn was over begins none. */
function isTurnUnderWay(view: RunView): boolean {
  if (runningTurn(view) !== undefined) return true;
  return Object.values(view.messages).some(
    ({ state, turnId }) => state === 'sent' || (state === 'accepted' && !hasEnded(view, turnId)),
  );
}

function hasEnded({ turns }: Pick<RunView, 'turns'>, turnId: string | null): boolean {
  const turn = turnId !== null && Object.hasOwn(turns, turnId) ? turns[turnId] : undefined;
  return turn !== undefined && turn.status !== 'running';
}
