import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Answer } from '../../../src/contract/request.ts';
import { Button } from '../design/button.tsx';
import { DECISIONS, type Decision } from './decisions.ts';
import { meantInField } from './enter-key.ts';
import styles from './request-card.module.css';

/** What Enter says in the field of the reason. */
const deny = DECISIONS.find(({ keys }) => keys === 'd');

export interface DecisionButtonsProps {
  readonly isBusy: boolean;
  readonly onDecide: (answer: Answer) => void;
}

/** Yes or no, and for how long; a no may have a reason. */
export function DecisionButtons({ isBusy, onDecide }: DecisionButtonsProps) {
  const [message, setMessage] = useState<string | null>(null);
  const decide = ({ answer }: Decision) => {
    const why = message?.trim();
    onDecide(answer.behavior === 'deny' && why ? { ...answer, message: why } : answer);
  };
  const opener = useRef<HTMLButtonElement>(null);
  const [isClosed, setClosed] = useState(false);
  useEffect(() => {
    if (isClosed && message === null) opener.current?.focus();
  }, [isClosed, message]);
  const onKeyDown = (event: KeyboardEvent) => {
    const meant = meantInField(event.nativeEvent);
    if (meant === null) return;
    event.preventDefault(); // Escape closes the field, and does not arm the end of the turn
    if (meant === 'close') {
      setMessage(null);
      setClosed(true);
    } else if (deny && !isBusy) decide(deny);
  };
  return (
    <>
      {message !== null && (
        <label className={styles.why}>
          <span>Why not? It is kept with the answer; Codex itself is not told.</span>
          {/* biome-ignore lint/a11y/noAutofocus: somebody has just asked for this field */}
          <input value={message} onChange={(event) => setMessage(event.target.value)} onKeyDown={onKeyDown} autoFocus />
        </label>
      )}
      <div className={styles.buttons}>
        {DECISIONS.map((choice) => (
          <Button
            key={choice.keys}
            kind={choice.kind}
            disabled={isBusy}
            aria-keyshortcuts={choice.keys}
            onClick={() => decide(choice)}
          >
            {choice.label} <kbd className={styles.key}>{choice.shown}</kbd>
          </Button>
        ))}
        {message === null && (
          <Button kind="quiet" ref={opener} onClick={() => setMessage('')}>
            Say why not …
          </Button>
        )}
        <span role="status" className={styles.busy}>
          {isBusy && 'Answering …'}
        </span>
      </div>
    </>
  );
}
