import { type FormEvent, useRef, useState } from 'react';
import type { Role } from '../../../src/contract/role.ts';
import { type CreatedToken, type NewToken, newTokenSchema } from '../../../src/contract/token.ts';
import { Button } from '../design/button.tsx';
import { Choice } from '../design/choice.tsx';
import { Field } from '../design/field.tsx';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import styles from './settings-page.module.css';

const ROLES = [
  { value: 'viewer', label: 'Viewer', means: 'Sees everything, and changes nothing.' },
  { value: 'operator', label: 'Operator', means: 'Launches, answers and stops as well.' },
  {
    value: 'admin',
    label: 'Admin',
    means: 'Decides who may come in as well, and what is not confined, and may stop the server.',
  },
] as const;

const DAY_MS = 86_400_000;

/** Lets somebody in. */
export function NewTokenForm({ onCreated }: { readonly onCreated: (token: CreatedToken) => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('');
  const [isTried, setTried] = useState(false);
  const wanted: NewToken = {
    name: name.trim(),
    role,
    ...(days.trim() && { ttlMs: Math.round(Number(days) * DAY_MS) }),
  };
  const wrong = new Set(newTokenSchema.safeParse(wanted).error?.issues.map(({ path }) => path[0]));
  // One key for one token, so that one whose answer was lost is not made twice.
  const key = useRef<{ readonly wanted: string; readonly key: string }>(undefined);
  const create = useAction(async () => {
    const written = JSON.stringify(wanted);
    if (key.current?.wanted !== written)
      key.current = { wanted: written, key: crypto.getRandomValues(new Uint32Array(4)).join('-') };
    const token = await api.createToken(wanted, { idempotencyKey: key.current.key });
    key.current = undefined;
    setName('');
    setTried(false);
    onCreated(token);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong.size === 0) void create.begin();
  };
  return (
    <form className={styles.newToken} onSubmit={submit} aria-label="New token" noValidate>
      <Field
        label="Name of a new token"
        error={isTried && wrong.has('name') ? 'Give it a name, of 100 characters at most.' : undefined}
      >
        {(parts) => (
          <input
            {...parts}
            value={name}
            placeholder="ci, or a person"
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Days that it holds"
        error={isTried && wrong.has('ttlMs') ? 'Give a number above 0, or leave it empty.' : undefined}
      >
        {(parts) => (
          <input
            {...parts}
            value={days}
            inputMode="numeric"
            placeholder="for ever"
            onChange={(event) => setDays(event.target.value)}
          />
        )}
      </Field>
      <Choice label="Role" options={ROLES} value={role} onChange={setRole} />
      <Problem error={create.problem} />
      <div>
        <Button type="submit" disabled={create.isBusy}>
          {create.isBusy ? 'Making it …' : 'Make a token'}
        </Button>
      </div>
    </form>
  );
}
