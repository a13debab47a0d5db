import type { ReactNode } from 'react';
import styles from './fold.module.css';

export interface FoldProps {
  readonly title: string;
  /** What lies in it, or has been changed there. */
  readonly note?: string;
  readonly isOpen: boolean;
  readonly onToggle: (isOpen: boolean) => void;
  readonly children: ReactNode;
}

/** What most can do without, folded away until somebody opens it. */
export function Fold({ title, note, isOpen, onToggle, children }: FoldProps) {
  return (
    <details className={styles.fold} open={isOpen} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>
        {title}
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </summary>
      {children}
    </details>
  );
}
