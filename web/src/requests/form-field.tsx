import { useId } from 'react';
import styles from './form.module.css';
import type { FieldValue, FormField } from './form-fields.ts';

export interface FieldViewProps {
  readonly field: FormField;
  readonly value: FieldValue;
  readonly problem: string | undefined;
  readonly onChange: (value: FieldValue) => void;
}

/** One field of a form, with its label, what it is for, and what is wrong with it. */
export function FieldView({ field, value, problem, onChange }: FieldViewProps) {
  const id = useId();
  const { label, description, isRequired, input } = field;
  const described = [description && `${id}-description`, problem && `${id}-problem`].filter(Boolean).join(' ');
  const common = {
    id,
    'aria-describedby': described || undefined,
    'aria-invalid': problem !== undefined,
    'aria-required': isRequired,
  };
  const name = isRequired ? label : `${label} (optional)`;
  const notes = (
    <>
      {description && (
        <p id={`${id}-description`} className={styles.description}>
          {description}
        </p>
      )}
      {problem && (
        <p id={`${id}-problem`} className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </>
  );
  if (input.kind === 'yesNo') {
    return (
      <div className={styles.group}>
        <span className={styles.option}>
          <input
            {...common}
            type="checkbox"
            checked={value === true}
            onChange={(event) => onChange(event.target.checked)}
          />
          <label htmlFor={id}>{label}</label>
        </span>
        {notes}
      </div>
    );
  }
  if (input.kind === 'choice') {
    const chosen = Array.isArray(value) ? (value as readonly number[]) : [];
    return (
      <fieldset className={styles.group} aria-describedby={described || undefined}>
        <legend>{name}</legend>
        {input.options.map((option, at) => (
          <label key={option.label} className={styles.option}>
            <input
              type={input.isMany ? 'checkbox' : 'radio'}
              name={id}
              checked={chosen.includes(at)}
              onChange={(event) => onChange(input.isMany ? toggled(chosen, at, event.target.checked) : [at])}
            />
            {option.label}
          </label>
        ))}
        {notes}
      </fieldset>
    );
  }
  const text = typeof value === 'string' ? value : '';
  return (
    <div className={styles.group}>
      <label htmlFor={id}>{name}</label>
      {input.kind === 'json' ? (
        <textarea {...common} rows={4} value={text} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input
          {...common}
          type={input.kind === 'text' ? input.type : 'text'}
          inputMode={input.kind === 'number' ? (input.isWhole ? 'numeric' : 'decimal') : undefined}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
      {notes}
    </div>
  );
}

function toggled(chosen: readonly number[], at: number, isChosen: boolean): number[] {
  const others = chosen.filter((other) => other !== at);
  return isChosen ? [...others, at].sort((a, b) => a - b) : others;
}
