import { useState } from 'react';
import type { Answer } from '../../../src/contract/request.ts';
import { Button, type ButtonProps } from '../design/button.tsx';
import styles from './request-card.module.css';

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly kind: NonNullable<ButtonProps['kind']>;
  readonly decision: Extract<Answer, { kind: 'decision' }>;
}

const CHOICES: readonly Choice[] = [
  { key: 'a', label: 'Allow', kind: 'main', decision: { kind: 'decision', behavior: 'allow' } },
  {
    key: 's',
    label: 'Allow for this session',
    kind: 'plain',
    decision: { kind: 'decision', behavior: 'allow', forSession: true },
  },
  { key: 'd', label: 'Deny', kind: 'plain', decision: { kind: 'decision', behavior: 'deny' } },
  {
    key: 'D',
    label: 'Deny and stop the turn',
    kind: 'danger',
    decision: { kind: 'decision', behavior: 'deny', interrupt: true },
  },
];

/** What this key answers on a card that has the focus. */
export function decisionOfKey(key: string): Answer | undefined {
  return CHOICES.find((choice) => choice.key === key)?.decision;
}

export interface DecisionButtonsProps {
  readonly isBusy: boolean;
  readonly onDecide: (answer: Answer) => void;
}

/** Yes or no, and for how long; a no may have a reason. */
export function DecisionButtons({ isBusy, onDecide }: DecisionButtonsProps) {
  const [message, setMessage] = useState<string | null>(null);
  const decide = ({ decision }: Choice) => {
    const why = message?.trim();
    onDecide(decision.behavior === 'deny' && why ? { ...decision, message: why } : decision);
  };
  return (
    <>
      {message !== null && (
        <label className={styles.why}>
          <span>Why not? It is kept with the answer; Codex itself is not told.</span>
          {/* biome-ignore lint/a11y/noAutofocus: somebody has just asked for this field */}
          <input value={message} onChange={(event) => setMessage(event.target.value)} autoFocus />
        </label>
      )}
      <div className={styles.buttons}>
        {CHOICES.map((choice) => (
          <Button
            key={choice.key}
            kind={choice.kind}
            disabled={isBusy}
            aria-keyshortcuts={choice.key === 'D' ? 'Shift+D' : choice.key}
            onClick={() => decide(choice)}
          >
            {choice.label} <kbd className={styles.key}>{choice.key === 'D' ? '⇧D' : choice.key}</kbd>
          </Button>
        ))}
        {message === null && (
          <Button kind="quiet" onClick={() => setMessage('')}>
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
