import { type FormEvent, useState } from 'react';
import type { RunView } from '../../../../src/contract/view.ts';
import { Button } from '../../design/button.tsx';
import { Dialog, DialogActions } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Problem } from '../../design/problem.tsx';
import { useNow } from '../../design/ticking.ts';
import { useAction } from '../../design/use-action.ts';
import { api } from '../../live/api.ts';
import { draftOf, readBudget, usedSoFar } from './budget-form.ts';
import styles from './controls.module.css';

export interface BudgetDialogProps {
  readonly runId: string;
  /** As its journal tells it. */
  readonly view: RunView;
  readonly onClose: () => void;
}

/** How much a run may use, to be changed: one that its budget has paused goes on when that is enough. */
export function BudgetDialog({ runId, view, onClose }: BudgetDialogProps) {
  const { budget } = view;
  const used = usedSoFar(view, useNow());
  const [draft, setDraft] = useState(() => draftOf(budget));
  const [isTried, setTried] = useState(false);
  const read = readBudget(draft, budget);
  const problems = isTried ? read.problems : {};
  const save = useAction(async () => api.runOf(runId).raiseBudget(read.budget));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(read.problems).length === 0 && (await save.begin())) onClose();
  };
  return (
    <Dialog
      title="Budget"
      description="What the run may use in all, also what it has used already. What is empty has no limit."
      onClose={onClose}
    >
      <form onSubmit={(event) => void submit(event)} noValidate className={styles.form}>
        <Field label="Turns" hint={used.turns} error={problems.turns}>
          {(parts) => (
            <input
              {...parts}
              inputMode="numeric"
              value={draft.turns}
              onChange={(event) => setDraft({ ...draft, turns: event.target.value })}
            />
          )}
        </Field>
        <Field
          label="Tokens"
          hint={`${used.tokens} It counts those of all its threads, input and output together.`}
          error={problems.tokens}
        >
          {(parts) => (
            <input
              {...parts}
              inputMode="numeric"
              value={draft.tokens}
              onChange={(event) => setDraft({ ...draft, tokens: event.target.value })}
            />
          )}
        </Field>
        <Field label="Minutes" hint={`${used.minutes} Pauses do not count.`} error={problems.minutes}>
          {(parts) => (
            <input
              {...parts}
              inputMode="decimal"
              value={draft.minutes}
              onChange={(event) => setDraft({ ...draft, minutes: event.target.value })}
            />
          )}
        </Field>
        <Field label="When it is used up">
          {(parts) => (
            <select
              {...parts}
              value={draft.onReached}
              onChange={(event) => setDraft({ ...draft, onReached: event.target.value === 'fail' ? 'fail' : 'pause' })}
            >
              <option value="pause">pause the run until somebody allows more</option>
              <option value="fail">the run has failed</option>
            </select>
          )}
        </Field>
        {save.problem && <Problem error={save.problem} title="Not changed" />}
        <DialogActions>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" type="submit" disabled={save.isBusy}>
            {save.isBusy ? 'Changing …' : 'Change the budget'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
