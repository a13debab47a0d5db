import type { Answer } from '../../../src/contract/request.ts';

export interface Decision {
  /** The key that answers so, as shortcuts name it, and as it stands on the button. */
  readonly keys: string;
  readonly shown: string;
  readonly label: string;
  readonly kind: 'main' | 'plain' | 'danger';
  readonly answer: Extract<Answer, { kind: 'decision' }>;
}

/** Yes or no, and for how long. */
export const DECISIONS: readonly Decision[] = [
  { keys: 'a', shown: 'a', label: 'Allow', kind: 'main', answer: { kind: 'decision', behavior: 'allow' } },
  {
    keys: 's',
    shown: 's',
    label: 'Allow for this session',
    kind: 'plain',
    answer: { kind: 'decision', behavior: 'allow', forSession: true },
  },
  { keys: 'd', shown: 'd', label: 'Deny', kind: 'plain', answer: { kind: 'decision', behavior: 'deny' } },
  {
    keys: 'Shift+D',
    shown: '⇧D',
    label: 'Deny and stop the turn',
    kind: 'danger',
    answer: { kind: 'decision', behavior: 'deny', interrupt: true },
  },
];
