import { type ReactNode, useId } from 'react';
import styles from './tick.module.css';

export interface TickProps {
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
  readonly isDisabled?: boolean;
  /** Why it cannot be left as it is. */
  readonly error?: string | undefined;
  readonly children: ReactNode;
}

/** Something that holds or does not. */
export function Tick({ isOn, onChange, isDisabled = false, error, children }: TickProps) {
  const id = useId();
  return (
    <div>
      <label className={styles.tick}>
        <input
          type="checkbox"
          checked={isOn}
          disabled={isDisabled}
          aria-invalid={error ? true : undefined}
          aria-describedby={error ? id : undefined}
          onChange={(event) => onChange(event.target.checked)}
        />
        <span>{children}</span>
      </label>
      {error && (
        <p className={styles.error} id={id}>
          {error}
        </p>
      )}
    </div>
  );
}
