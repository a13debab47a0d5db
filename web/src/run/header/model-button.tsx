import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import styles from './controls.module.css';

export interface ModelButtonProps extends ComponentProps<'button'> {
  /** What thinks now. */
  readonly shown: string;
  /** What thinks from the next turn on; null where nothing changes. */
  readonly next: string | null;
}

/** Says which model thinks, and how hard. */
export function ModelButton({ shown, next, ...rest }: ModelButtonProps) {
  return (
    <button
      type="button"
      className={styles.trigger}
      aria-label={`Model and effort: ${shown}${next ? `; from the next turn on ${next}` : ''}`}
      {...rest}
    >
      {shown}
      {next && (
        <span className={styles.pending} title="From the next turn on">
          → {next}
        </span>
      )}
      <ChevronDown size={12} aria-hidden />
    </button>
  );
}
