import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

/** What an input has to carry so that its label, its hint and its error belong to it. */
export interface FieldParts {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': true | undefined;
}

export interface FieldProps {
  readonly label: string;
  /** What it means, where the label does not say it. */
  readonly hint?: ReactNode;
  /** Why what is there cannot be taken. */
  readonly error?: string | undefined;
  readonly children: (parts: FieldParts) => ReactNode;
}

/** One thing that is typed or chosen, with its label above and what there is to say of it below. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ');
  const parts = { id, 'aria-describedby': described || undefined, 'aria-invalid': error ? (true as const) : undefined };
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children(parts)}
      {error && (
        <p className={styles.error} id={`${id}-error`}>
          {error}
        </p>
      )}
      {hint && (
        <p className={styles.hint} id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
