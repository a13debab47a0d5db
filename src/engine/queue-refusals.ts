import { MAX_QUEUED, type QueuedMessage } from '../contract/message-queue.ts';
import { OptioError } from '../errors.ts';

/** Throws `invalid-input` for a message that says nothing. */
export function checkSays({ text, images }: Pick<QueuedMessage, 'text' | 'images'>): void {
  if (text.trim() !== '' || images.length > 0) return;
  throw new OptioError('invalid-input', 'text: a message without images has to say something', { field: 'text' });
}

/** Nothing waits there under this id. */
export function notQueued(runId: string, id: string): OptioError {
  return new OptioError('not-found', `no message "${id}" waits in the queue of run ${runId}`, {
    remedy: 'Look at the queue: it was taken back, or it never was there.',
  });
}

/** Too late: it is on its way, or Codex has it. */
export function isSent(id: string): OptioError {
  return new OptioError('state-changed', `the message "${id}" was sent, and does not wait in the queue any more`, {
    remedy: 'Send another one, which says what is different.',
  });
}

/** Nothing more is sent of it, so that nothing more is taken. */
export function isOver(runId: string): OptioError {
  return new OptioError(
    'conversation-not-ready',
    `run ${runId} is over, or about to be: nothing more is sent from its queue`,
    {
      remedy: 'Launch it once more (retry), or begin another run.',
    },
  );
}

/** What somebody has written is not written over by who does not know of it. */
export function changedMeanwhile(id: string): OptioError {
  return new OptioError('state-changed', `somebody else has changed the message "${id}" meanwhile`, {
    remedy: 'Look at what it says now, and change that.',
  });
}

/** `isLong`: it would say too much; otherwise they would be too many. */
export function isFull(runId: string, isLong: boolean): OptioError {
  const what = isLong ? 'more than a million characters wait' : `more than ${MAX_QUEUED} messages wait`;
  return new OptioError('queue-full', `${what} in the queue of run ${runId} with this, which is too much`, {
    remedy: 'Wait until some of it is sent, take something back, or put what is long into a file.',
  });
}
