import { type KeyboardEvent, useId, useRef } from 'react';
import type { Answer, Request } from '../../../src/contract/request.ts';
import type { RequestView } from '../../../src/contract/view.ts';
import { fromUnknown } from '../../../src/errors.ts';
import { Problem } from '../design/problem.tsx';
import { toasts } from '../design/toast.ts';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import { DecisionButtons, decisionOfKey } from './decision-buttons.tsx';
import { ElicitationForm } from './elicitation-form.tsx';
import { outcomeInWords, saidWith, wasAllowed } from './given-answer.ts';
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
  const titleId = useId();
  const card = useRef<HTMLElement>(null);
  const answer = useAction(async (said: Answer) => {
    try {
      await (await api.find(runId)).answer(request.id, said);
    } catch (thrown) {
      // Another answer holds, and the card is about to say so, and to go: it is no place for this any more.
      if (fromUnknown(thrown).code !== 'not-found') throw thrown;
      toasts.failed('Your answer came too late', thrown);
    }
  });
  const isOpen = state === 'open';
  const give = (said: Answer) => {
    card.current?.focus(); // the button that has the focus is about to go
    void answer.begin(said);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOpen || !isApproval(request) || isTyping(event)) return;
    const said = decisionOfKey(event.key);
    if (!said) return;
    event.preventDefault();
    give(said);
  };
  return (
    <article
      ref={card}
      className={styles.card}
      data-open={isOpen}
      aria-labelledby={titleId}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys of the card need the focus in it
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <h2 id={titleId} className={styles.title}>
        {titleOf(request)}
      </h2>
      <RequestContent request={request} />
      {isOpen && isApproval(request) && <DecisionButtons isBusy={answer.isBusy} onDecide={give} />}
      {isOpen && request.kind === 'question' && (
        <QuestionForm request={request} isBusy={answer.isBusy} onAnswer={give} />
      )}
      {isOpen && request.kind === 'elicitation' && (
        <ElicitationForm request={request} isBusy={answer.isBusy} onAnswer={give} />
      )}
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

/** A letter that somebody types into a field, or a shortcut of the browser, is no answer. */
function isTyping({ target, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
  const element = target as HTMLElement;
  return ctrlKey || metaKey || altKey || element.matches('input, textarea, select, [contenteditable]');
}
