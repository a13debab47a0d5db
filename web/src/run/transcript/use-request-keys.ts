import type { Journal } from '../../live/journal.ts';
import { useStore } from '../../live/store.ts';
import { nextRequest, oldestApproval, openRequests } from '../../requests/answer-keys.ts';
import { focusedCard, wantedCard } from '../../requests/open-cards.ts';
import { useAnswerKeys } from '../../requests/use-answer-keys.ts';

/** Lets keys answer what a run asks, wherever one is on its screen, and lead to it. */
export function useRequestKeys(journal: Journal, reveal: (name: string) => void): void {
  useStore(journal.shown);
  const isReady = useStore(journal.isCaughtUp);
  const open = isReady ? openRequests(journal.view.requests) : [];
  const goToNext = () => {
    const next = nextRequest(open, focusedCard()?.request.id ?? null);
    if (!next) return;
    wantedCard.set(next.id);
    reveal(next.id);
  };
  useAnswerKeys({
    name: 'Requests of this run',
    runId: journal.runId,
    oldest: oldestApproval(open),
    others: [{ keys: 'r', label: 'Go to the next open request', act: goToNext }],
  });
}
