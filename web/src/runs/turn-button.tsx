import { ChevronDown, ChevronRight } from 'lucide-react';
import styles from './turn-button.module.css';

export interface TurnButtonProps {
  readonly name: string;
  /** What it has begun, in words. */
  readonly below: string;
  readonly isOpen: boolean;
  readonly onTurn: (isOpen: boolean) => void;
  readonly onFocus?: () => void;
}

/** Unfolds what a run has begun, and folds it. */
export function TurnButton({ name, below, isOpen, onTurn, onFocus }: TurnButtonProps) {
  return (
    <button
      type="button"
      className={styles.turn}
      aria-expanded={isOpen}
      aria-label={`${below}, of ${name}`}
      title={below}
      onFocus={onFocus}
      onClick={() => onTurn(!isOpen)}
    >
      {isOpen ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
    </button>
  );
}
