import type { QueuedMessage, QueuePause } from '../../../../src/contract/message-queue.ts';
import type { RunView } from '../../../../src/contract/view.ts';

interface Said {
  readonly text: string;
  readonly images?: readonly string[] | undefined;
}

interface Refused extends Said {
  readonly id: string;
  readonly refusal: string | undefined;
}

/** What a message says, in a line: of pictures alone that it is these. */
export function saidIn({ text, images = [] }: Said): string {
  const pictures = images.length === 0 ? '' : images.length === 1 ? '1 picture' : `${images.length} pictures`;
  return text === '' ? pictures : text;
}

/** Before which message another one comes that is put one place earlier (`-1`) or later (`1`): null for the end. */
export function placeBefore(ids: readonly string[], id: string, step: -1 | 1): string | null {
  const at = ids.indexOf(id);
  return ids[step < 0 ? at - 1 : at + 2] ?? null;
}

/** What becomes of what waits: what is held keeps back all that comes after it. */
export function whoSends(queue: readonly Pick<QueuedMessage, 'isHeld'>[]): string {
  const at = queue.findIndex(({ isHeld }) => isHeld);
  const isOne = queue.length === 1;
  if (at === 0) return `${isOne ? 'It' : 'The first'} is held: nothing is sent until somebody lets it go.`;
  const sends = `The server sends ${isOne ? 'it' : 'them'}, also when this page is closed`;
  return at < 0 ? `${sends}.` : `${sends}, up to the one that is held.`;
}

/** Why nothing is sent of what waits, in words. */
export function heldSince({ reason }: QueuePause): string {
  switch (reason) {
    case 'interrupt':
      return 'Held since the interrupt';
    case 'refused':
      return 'Held because the message before was refused';
    case 'wish':
      return 'Held, since somebody has paused the queue';
  }
}

/** The message of the queue that was refused last, as long as nothing was sent after it. */
export function refusedLast({ messages, messageOrder }: RunView): Refused | undefined {
  const id = messageOrder.at(-1) ?? '';
  const message = Object.hasOwn(messages, id) ? messages[id] : undefined;
  return message?.state === 'refused' && message.wasQueued
    ? { id, text: message.text, images: message.images, refusal: message.refusal }
    : undefined;
}

/** The turn of the run's own thread that goes on. */
export function runningTurn({ turns, turnOrder }: Pick<RunView, 'turns' | 'turnOrder'>): string | undefined {
  return turnOrder.findLast((id) => turns[id]?.threadId === null && turns[id].status === 'running');
}

/** A message that is sent now would not be the next thing that happens in the run: it belongs into the queue. */
export function hasToWait(view: RunView): boolean {
  if (view.state !== 'running' || view.session === null || runningTurn(view) !== undefined) return true;
  return Object.values(view.messages).some(
    ({ state, turnId }) => state === 'sent' || (state === 'accepted' && !hasEnded(view, turnId)),
  );
}

/** What Codex has not taken before its turn was over begins none. */
function hasEnded({ turns }: Pick<RunView, 'turns'>, turnId: string | null): boolean {
  const turn = turnId !== null && Object.hasOwn(turns, turnId) ? turns[turnId] : undefined;
  return turn !== undefined && turn.status !== 'running';
}
