import { get, put } from './by-id.ts';
import type { RunEventOf } from './event.ts';
import { takeOut } from './message-queue.ts';
import type { MessageView, RunView } from './view.ts';

type MessageEvent = RunEventOf<'message.sent' | 'message.accepted' | 'message.taken' | 'message.refused'>;

/** Takes into a view how far a message has come, in place. */
export function applyToMessage(view: RunView, event: MessageEvent): void {
  switch (event.type) {
    case 'message.sent':
      putSent(view, event);
      break;
    case 'message.accepted':
      move(view, event.messageId, 'accepted', event.turnId);
      break;
    case 'message.taken':
      move(view, event.messageId, 'taken', event.turnId);
      break;
    case 'message.refused':
      move(view, event.messageId, 'refused', null);
      tellWhy(view, event);
      break;
  }
}

function putSent(view: RunView, { messageId, text, images, steer }: RunEventOf<'message.sent'>): void {
  if (!steer) view.cutTurnId = null;
  const before = get(view.messages, messageId);
  if (!before) view.messageOrder.push(messageId);
  const wasQueued = takeOut(view, messageId) || before?.wasQueued;
  const sent = { text, images, steer, state: 'sent', turnId: null } as const;
  put(view.messages, messageId, { ...sent, ...(wasQueued && { wasQueued }) });
}

function tellWhy(view: RunView, { messageId, error }: RunEventOf<'message.refused'>): void {
  const message = get(view.messages, messageId);
  if (message?.state === 'refused') message.refusal = error.message;
}

function move(view: RunView, id: string, state: MessageView['state'], turnId: string | null): void {
  const message = get(view.messages, id);
  if (!message || message.state === 'taken') return; // the acceptance may be told after the taking
  message.state = state;
  message.turnId = turnId;
}
