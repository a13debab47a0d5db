import { useEffect, useRef, useState } from 'react';
import { newKey } from '../../../../src/client/key.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { api } from '../../live/api.ts';
import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import { nextToSend, notSent, type Queue, type QueuedMessage, renewed } from './queue.ts';
import { RunQueue } from './run-queue.ts';

export interface QueueState {
  readonly queue: Queue;
  /** The one that is being sent. */
  readonly sending: string | null;
  /** Why the first one could not be sent; nothing is sent until somebody tries again. */
  readonly problem: OptioError | null;
  readonly add: (message: Omit<QueuedMessage, 'id'>) => void;
  readonly change: (act: (queue: Queue) => Queue) => void;
  readonly tryAgain: () => void;
}

/** The queue of a run, and sending it: each message when the turn before has ended, as long as the run is shown. */
export function useQueue(journal: Journal): QueueState {
  const [kept] = useState(() => new RunQueue(journal.runId));
  const queue = useStore(kept.messages);
  const shown = useStore(journal.shown);
  const [sending, setSending] = useState<string | null>(null);
  const [problem, setProblem] = useState<OptioError | null>(null);
  const isSending = useRef(false);
  useEffect(() => kept.follow(), [kept]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is changed in place, and `shown` tells that it was
  useEffect(() => {
    kept.change((messages) => notSent(messages, journal.view));
    if (isSending.current || problem || !journal.isCaughtUp.value) return;
    const next = nextToSend(kept.messages.value, journal.view);
    if (next) void send(next);
  }, [queue, shown, problem, sending]);

  const send = async ({ id, text, steer, images }: QueuedMessage) => {
    isSending.current = true;
    setSending(id);
    try {
      const run = await api.find(journal.runId);
      await run.send(text, { idempotencyKey: id, steer, images });
      kept.change((messages) => messages.filter((message) => message.id !== id));
    } catch (thrown) {
      setProblem(fromUnknown(thrown));
    } finally {
      isSending.current = false;
      setSending(null);
    }
  };

  return {
    queue,
    sending,
    problem,
    add: (message) => {
      kept.change((messages) => [...messages, { ...message, id: newKey() }]);
      setProblem(null);
    },
    change: (act) => void kept.change(act),
    tryAgain: () => {
      kept.change((messages) => renewed(messages, journal.view, newKey));
      setProblem(null);
    },
  };
}
