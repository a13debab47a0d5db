import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './card.module.css';

export interface CardHeadProps {
  readonly icon: ReactNode;
  /** What kind of thing it is, for whoever does not see the icon. */
  readonly label: string;
  readonly children: ReactNode;
  /** How it stands, at the right. */
  readonly side?: ReactNode;
  /** Pressed to fold and unfold what belongs to it; left out where there is nothing more. */
  readonly onToggle?: (() => void) | undefined;
  readonly isUnfolded?: boolean;
}

/** The one line of a piece of work. */
export function CardHead({ icon, label, children, side, onToggle, isUnfolded = false }: CardHeadProps) {
  const content = (
    <>
      <span className={styles.icon} aria-hidden="true">
        {icon}
      </span>
      <span className="visually-hidden">{label}: </span>
      <span className={styles.what}>{children}</span>
      {onToggle && <ChevronRight className={styles.chevron} size={14} aria-hidden="true" />}
      <span className={styles.side}>{side}</span>
    </>
  );
  return onToggle ? (
    <button type="button" className={styles.head} aria-expanded={isUnfolded} onClick={onToggle}>
      {content}
    </button>
  ) : (
    <div className={styles.head}>{content}</div>
  );
}

/** What belongs to the line above it. */
export function CardBody({ children }: { readonly children: ReactNode }) {
  return <div className={styles.body}>{children}</div>;
}
