import { type FormEvent, useRef, useState } from 'react';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Problem } from '../design/problem.tsx';
import { toasts } from '../design/toast.ts';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import styles from './add-login.module.css';
import { KeyField } from './secret-fields.tsx';
import { problemsOfSeed } from './seed-problems.ts';
import type { SeedQuestionProps } from './undo-seed.tsx';

/** Gives a seed another key, for one that does not hold any more. */
export function NewKey({ seed, onClose, onChange }: SeedQuestionProps) {
  const { id } = seed;
  const [wrong, setWrong] = useState<string>();
  const secret = useRef<() => string>(() => '');
  const clear = useRef<() => void>(() => {});
  const save = useAction(async () => {
    try {
      await api.addSeed({ id, apiKey: secret.current(), again: true });
    } finally {
      clear.current();
    }
    toasts.done(`“${id}” has another key`);
    onChange();
    onClose();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const problems = problemsOfSeed({ id, pool: '', given: { way: 'apiKey', secret: secret.current() } }, []);
    setWrong(problems.secret);
    if (problems.secret === undefined) void save.begin();
  };
  return (
    <Dialog
      title={`Give another key: ${id}`}
      description="Runs to come take the new one. One can go back to the one there is now."
      onClose={onClose}
    >
      <form className={styles.form} onSubmit={submit} noValidate autoComplete="off">
        <KeyField read={secret} clear={clear} error={wrong} />
        <Problem error={save.problem} />
        <DialogActions>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" type="submit" disabled={save.isBusy} aria-busy={save.isBusy}>
            {save.isBusy ? 'Saving …' : 'Save the key'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
