import { Field } from '../design/field.tsx';
import styles from './param-fields.module.css';

export interface ParamFieldsProps {
  readonly names: readonly string[];
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}

/** What the places of the instructions are filled with. */
export function ParamFields({ names, values, onChange }: ParamFieldsProps) {
  return (
    <div className={styles.params}>
      {names.map((name) => (
        <Field key={name} label={name} hint={<code>{`{{${name}}}`}</code>}>
          {(parts) => (
            <textarea
              {...parts}
              rows={1}
              value={values[name] ?? ''}
              onChange={(event) => onChange({ ...values, [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
