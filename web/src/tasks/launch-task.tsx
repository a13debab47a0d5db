import { type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import type { TaskDetails } from '../../../src/contract/task-definition.ts';
import { OptioError } from '../../../src/errors.ts';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import { ParamFields } from './param-fields.tsx';
import { missingIn, type ParamForm, paramFormOf, paramsOf } from './params.ts';
import styles from './task-page.module.css';

/** Launches a task by hand, with what it is given this time. */
export function LaunchTask({ task }: { readonly task: TaskDetails }) {
  const [, goTo] = useLocation();
  const [form, setForm] = useState<ParamForm>(() => paramFormOf(task.definition));
  const [name, setName] = useState('');
  // One key for one launch, so that one whose answer was lost is not made twice.
  const key = useRef<string>(undefined);
  const launch = useAction(async () => {
    const params = readParams(form, task.definition);
    key.current ??= crypto.getRandomValues(new Uint32Array(4)).join('-');
    const run = await api.launch(task.id, {
      ...(params !== undefined && { params }),
      ...(name.trim() && { name: name.trim() }),
      idempotencyKey: key.current,
    });
    goTo(`/runs/${run.id}`);
  });
  const change = (next: ParamForm) => {
    key.current = undefined;
    setForm(next);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void launch.begin();
  };
  const missing = missingIn(form, task.definition);
  return (
    <form className={styles.section} onSubmit={submit} aria-labelledby="launch">
      <h2 id="launch">Launch</h2>
      {form.kind === 'fields' ? (
        <ParamFields names={form.names} values={form.values} onChange={(values) => change({ ...form, values })} />
      ) : (
        <Field label="Params" hint="JSON, as the task expects it. Empty: what the task says itself.">
          {(parts) => (
            <textarea
              {...parts}
              rows={form.text === '' ? 1 : 4}
              value={form.text}
              spellCheck={false}
              onChange={(event) => change({ kind: 'json', text: event.target.value })}
            />
          )}
        </Field>
      )}
      {missing.length > 0 && (
        <p className={styles.quiet}>Nothing is given for {missing.join(', ')}: it stays as it is written.</p>
      )}
      <div className={styles.launch}>
        <Field label="Name of this run">
          {(parts) => (
            <input
              {...parts}
              value={name}
              placeholder={task.name}
              onChange={(event) => {
                key.current = undefined;
                setName(event.target.value);
              }}
            />
          )}
        </Field>
        <Button kind="main" type="submit" disabled={launch.isBusy || task.isPaused}>
          {launch.isBusy ? 'Launching …' : 'Launch'}
        </Button>
      </div>
      <Problem error={launch.problem} />
    </form>
  );
}

function readParams(form: ParamForm, definition: unknown): unknown {
  try {
    return paramsOf(form, definition);
  } catch (cause) {
    throw new OptioError('invalid-input', `The params are no JSON: ${(cause as Error).message}`, {
      remedy: 'Write names and texts in double quotes, such as { "folder": "src" }.',
      cause,
    });
  }
}
