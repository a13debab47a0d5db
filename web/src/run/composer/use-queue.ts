import { useState } from 'react';
import { newKey } from '../../../../src/client/key.ts';
import type { MessageQueue, QueuedMessage, QueuePause } from '../../../../src/contract/message-queue.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { api } from '../../live/api.ts';
import type { Journal } from '../../live/journal.ts';
import { refusedLast, runningTurn } from './queue.ts';
import { type OutgoingState, useOutgoing } from './use-outgoing.ts';

export interface QueueState extends OutgoingState {
  /** What waits at the server, the same for all who look. */
  readonly queue: readonly QueuedMessage[];
  readonly pause: QueuePause | null;
  /** What was refused just now, and could be tried again. */
  readonly refused: ReturnType<typeof refusedLast>;
  /** Why the queue could not be changed. */
  readonly trouble: OptioError | null;
  /** Changes the queue; resolves with whether that went well. */
  readonly change: (act: (queue: MessageQueue) => Promise<unknown>) => Promise<boolean>;
  /** Puts what waits into the running turn; undefined while none runs. */
  readonly steer: ((message: QueuedMessage) => void) | undefined;
  /** Puts what was refused at the end of the queue, as another message. */
  readonly queueAgain: () => void;
}

/** The queue of a run, and what this browser has to add to it. */
export function useQueue(journal: Journal): QueueState {
  const outgoing = useOutgoing(journal);
  const [trouble, setTrouble] = useState<OptioError | null>(null);
  const { view, runId } = journal;
  const refused = refusedLast(view);
  const attempt = async (act: () => Promise<unknown>) => {
    setTrouble(null);
    try {
      await act();
      return true;
    } catch (thrown) {
      setTrouble(fromUnknown(thrown));
      return false;
    }
  };
  const change: QueueState['change'] = (act) => attempt(async () => act((await api.find(runId)).queue));
  const steer = ({ id, text, images }: QueuedMessage) =>
    void attempt(async () => (await api.find(runId)).send(text, { idempotencyKey: id, steer: true, images }));
  return {
    ...outgoing,
    queue: view.queue,
    pause: view.queuePause,
    refused,
    trouble,
    change,
    steer: runningTurn(view) === undefined ? undefined : steer,
    queueAgain: () => {
      if (!refused) return;
      const { text, images } = refused;
      void change((queue) => queue.add(text, { idempotencyKey: newKey(), images }));
    },
  };
}
