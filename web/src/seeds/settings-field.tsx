import { Field } from '../design/field.tsx';
import styles from './settings-field.module.css';
import { readSettings } from './settings-words.ts';

export interface SettingsFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The settings of a seed as TOML. While one types it says what of it is kept. */
export function SettingsField({ value, onChange }: SettingsFieldProps) {
  const { hint, problem } = readSettings(value);
  return (
    <div className={styles.settings}>
      <Field label="Settings" hint={hint} error={problem}>
        {(parts) => (
          <textarea
            {...parts}
            value={value}
            rows={4}
            spellCheck={false}
            autoCapitalize="none"
            placeholder={'model = "gpt-5.5"\nmodel_reasoning_effort = "high"'}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
