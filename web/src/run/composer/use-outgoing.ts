import { useEffect, useRef, useState } from 'react';
import { newKey } from '../../../../src/client/key.ts';
import { fromUnknown, type OptioError } from '../../../../src/errors.ts';
import { api } from '../../live/api.ts';
import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import { KeptOutgoing } from './kept-outgoing.ts';
import { notArrived, type Outgoing, type OutgoingMessage, renewed } from './outgoing.ts';

export interface OutgoingState {
  readonly outgoing: Outgoing;
  /** Why the first of them could not be given to the server; nothing more is, until somebody tries again. */
  readonly problem: OptioError | null;
  readonly add: (message: Omit<OutgoingMessage, 'id'>) => void;
  readonly tryAgain: () => void;
  /** Gives them up. */
  readonly drop: () => void;
}

/** Gives messages to the server, one after the other, and keeps each in this browser until it is there. */
export function useOutgoing(journal: Journal): OutgoingState {
  const [kept] = useState(() => new KeptOutgoing(journal.runId));
  const outgoing = useStore(kept.messages);
  const shown = useStore(journal.shown);
  const [problem, setProblem] = useState<OptioError | null>(null);
  /** What the server was asked to take and has not answered; what stands in the journal keeps nobody waiting. */
  const asked = useRef(new Set<string>());
  useEffect(() => kept.follow(), [kept]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is changed in place, and `shown` tells that it was
  useEffect(() => {
    if (!journal.isCaughtUp.value) return;
    kept.change((messages) => notArrived(messages, journal.view));
    const [next] = kept.messages.value;
    if (!next || problem || journal.view.outcome !== null || asked.current.has(next.id)) return;
    void give(next);
  }, [outgoing, shown, problem]);

  const give = async ({ id, text, images, to = 'queue' }: OutgoingMessage) => {
    asked.current.add(id);
    try {
      const run = await api.find(journal.runId);
      if (to === 'queue') await run.queue.add(text, { idempotencyKey: id, images });
      else await run.send(text, { idempotencyKey: id, steer: to === 'turn', images });
      kept.change((messages) => messages.filter((message) => message.id !== id));
    } catch (thrown) {
      if (kept.messages.value.some((message) => message.id === id)) setProblem(fromUnknown(thrown));
    } finally {
      asked.current.delete(id);
    }
  };

  return {
    // What the journal shows already is shown once, also until it is dropped here.
    outgoing: journal.isCaughtUp.value ? notArrived(outgoing, journal.view) : outgoing,
    problem,
    add: (message) => {
      kept.change((messages) => [...messages, { ...message, id: newKey() }]);
      setProblem(null);
    },
    tryAgain: () => {
      kept.change((messages) => renewed(messages, journal.view, newKey));
      setProblem(null);
    },
    drop: () => {
      kept.change(() => []);
      setProblem(null);
    },
  };
}
