import { useId } from 'react';
import styles from './choice.module.css';

interface ChoiceOption<T extends string> {
  readonly value: T;
  readonly label: string;
  /** What follows from it; shown below the choice while it is chosen. */
  readonly means?: string;
  readonly isDisabled?: boolean;
}

export interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly options: readonly ChoiceOption<T>[];
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly error?: string | undefined;
}

/** One of a few: radio buttons in a row, of which the arrow keys choose. */
export function Choice<T extends string>({ label, options, value, onChange, error }: ChoiceProps<T>) {
  const name = useId();
  const means = options.find((option) => option.value === value)?.means;
  return (
    <fieldset className={styles.choice} aria-describedby={means || error ? `${name}-means` : undefined}>
      <legend>{label}</legend>
      <div className={styles.options}>
        {options.map((option) => (
          <label key={option.value} data-disabled={option.isDisabled || undefined}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.isDisabled}
              onChange={() => onChange(option.value)}
            />
            {option.label}
          </label>
        ))}
      </div>
      {(means || error) && (
        <div id={`${name}-means`}>
          {error && <p className={styles.error}>{error}</p>}
          {means && <p className={styles.means}>{means}</p>}
        </div>
      )}
    </fieldset>
  );
}
