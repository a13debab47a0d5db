import { type FormEvent, useState } from 'react';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import styles from './view-bar.module.css';
import { problemOfName, type SavedView } from './views.ts';

const MAX_NAME = 60;

export interface NameViewProps {
  readonly title: string;
  readonly verb: string;
  readonly name: string;
  /** What else there is, of which none may be called so. */
  readonly others: readonly SavedView[];
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

/** Asks what a view is to be called. */
export function NameView({ title, verb, name: before, others, onName, onClose }: NameViewProps) {
  const [name, setName] = useState(before);
  const [isTried, setTried] = useState(false);
  const problem = problemOfName(name, others);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== undefined) return;
    onName(name.trim());
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={submit} noValidate className={styles.form}>
        <Field label="Name" error={isTried ? problem : undefined} hint="Kept in this browser.">
          {(parts) => (
            <input
              {...parts}
              maxLength={MAX_NAME}
              autoComplete="off"
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" type="submit">
            {verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
