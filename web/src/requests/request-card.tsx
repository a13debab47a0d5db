import { useEffect, useId, useRef } from 'react';
import type { Answer, Request } from '../../../src/contract/request.ts';
import type { RequestView } from '../../../src/contract/view.ts';
import { LOOK_ONLY, useLooksOn } from '../design/looking-on.ts';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { useStore } from '../live/store.ts';
import { DecisionButtons } from './decision-buttons.tsx';
import { ElicitationForm } from './elicitation-form.tsx';
import { giveAnswer } from './give-answer.ts';
import { outcomeInWords, saidWith, wasAllowed } from './given-answer.ts';
import { openCards, wantedCard } from './open-cards.ts';
import { QuestionForm } from './question-form.tsx';
import styles from './request-card.module.css';
import { RequestContent } from './request-content.tsx';
import { isApproval, titleOf } from './sandbox-words.ts';

export interface RequestCardProps {
  readonly runId: string;
  /** As the journal tells it; a request alone is one that is open. */
  readonly request: RequestView | Request;
}

/** What Codex asks, all that one has to know for an answer, and the answer: to be given, or as somebody gave it. */
export function RequestCard({ runId, request: given }: RequestCardProps) {
  const entry = 'request' in given ? given : openOne(given);
  const { request, state } = entry;
  const looksOn = useLooksOn();
  const titleId = useId();
  const card = useRef<HTMLElement>(null);
  const answer = useAction((said: Answer) => giveAnswer(runId, request, said));
  const isOpen = state === 'open';
  const give = (said: Answer) => {
    // The button that has the focus is about to go; a focus that is elsewhere stays there.
    if (card.current?.contains(document.activeElement)) card.current.focus();
    void answer.begin(said);
  };
  const latestGive = useRef(give);
  useEffect(() => {
    latestGive.current = give;
  });
  useEffect(() => {
    if (!isOpen || !card.current) return;
    const open = { element: card.current, request, give: (said: Answer) => latestGive.current(said) };
    openCards.add(open);
    return () => void openCards.delete(open);
  }, [isOpen, request]);
  const isWanted = useStore(wantedCard) === request.id;
  useEffect(() => {
    if (!isWanted) return;
    card.current?.focus();
    wantedCard.set(null);
  }, [isWanted]);
  return (
    <article
      ref={card}
      className={styles.card}
      data-open={isOpen}
      aria-labelledby={titleId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the card need the focus in it
      tabIndex={0}
    >
      <h2 id={titleId} className={styles.title}>
        {titleOf(request)}
      </h2>
      <RequestContent request={request} />
      {isOpen && !looksOn && isApproval(request) && <DecisionButtons isBusy={answer.isBusy} onDecide={give} />}
      {isOpen && !isApproval(request) && (
        <fieldset className={styles.fields} disabled={looksOn} title={looksOn ? LOOK_ONLY : undefined}>
          {request.kind === 'question' ? (
            <QuestionForm request={request} isBusy={answer.isBusy} onAnswer={give} />
          ) : (
            <ElicitationForm request={request} isBusy={answer.isBusy} onAnswer={give} />
          )}
        </fieldset>
      )}
      {isOpen && looksOn && <p className={styles.busy}>{LOOK_ONLY}.</p>}
      {answer.problem && isOpen && <Problem error={answer.problem} title="Not answered" />}
      <div role="status">{!isOpen && <GivenAnswer entry={entry} />}</div>
    </article>
  );
}

function GivenAnswer({ entry }: { readonly entry: RequestView }) {
  return (
    <div className={styles.given} data-allowed={wasAllowed(entry)}>
      <p>{outcomeInWords(entry)}</p>
      {saidWith(entry).map((line) => (
        <p key={line} className={styles.said}>
          {line}
        </p>
      ))}
    </div>
  );
}

function openOne(request: Request): RequestView {
  return { request, state: 'open', answer: null, by: null, afterItemId: null };
}
