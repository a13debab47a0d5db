import { type FormEvent, useRef, useState } from 'react';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { Button } from '../design/button.tsx';
import { Choice } from '../design/choice.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Field } from '../design/field.tsx';
import { Fold } from '../design/fold.tsx';
import { Problem } from '../design/problem.tsx';
import { Suggest } from '../design/suggest.tsx';
import { toasts } from '../design/toast.ts';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import styles from './add-login.module.css';
import { poolNames } from './pools.ts';
import { AuthFileField, KeyField } from './secret-fields.tsx';
import { problemsOfSeed, type SeedProblems } from './seed-problems.ts';
import { SettingsField } from './settings-field.tsx';
import { readSettings } from './settings-words.ts';
import { BROWSER_MEANS, CODE_MEANS } from './way-words.ts';

export interface AddLoginProps {
  readonly seeds: readonly SeedSummary[];
  readonly machine: string | undefined;
  readonly onClose: () => void;
  /** A login is under way: what there is to do for it is told elsewhere. */
  readonly onStarted: (login: SeedLogin) => void;
  /** It is saved. */
  readonly onSaved: () => void;
}

type Way = 'deviceCode' | 'browser' | 'apiKey' | 'file';

/** Saves a login under a name: somebody logs in, or brings what they have. */
export function AddLogin({ seeds, machine, onClose, onStarted, onSaved }: AddLoginProps) {
  const [way, setWay] = useState<Way>('deviceCode');
  const [id, setId] = useState('');
  const [pool, setPool] = useState('');
  const [settings, setSettings] = useState('');
  const [isMoreOpen, setMoreOpen] = useState(false);
  const [problems, setProblems] = useState<SeedProblems>({});
  // What lets somebody in stays in its field, and is read once.
  const secret = useRef<() => string>(() => '');
  const clear = useRef<() => void>(() => {});
  const { content: config, problem: wrongSettings } = readSettings(settings);
  const isOwn = way === 'apiKey' || way === 'file';

  const begin = useAction(async () => {
    const wanted = { id: id.trim(), ...(pool.trim() && { pool: pool.trim() }), ...(config && { config }) };
    if (!isOwn) return onStarted(await api.startSeedLogin({ ...wanted, method: way }));
    try {
      await api.addSeed({
        ...wanted,
        ...(way === 'apiKey' ? { apiKey: secret.current() } : { auth: secret.current() }),
      });
    } finally {
      clear.current();
    }
    toasts.done(`“${wanted.id}” is saved`);
    onSaved();
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const given = isOwn ? { way, secret: secret.current() } : null;
    const found = problemsOfSeed({ id: id.trim(), pool: pool.trim(), given }, seeds);
    setProblems(found);
    if (wrongSettings !== undefined) setMoreOpen(true);
    else if (Object.keys(found).length === 0) void begin.begin();
  };
  const ways = [
    { value: 'deviceCode', label: 'ChatGPT, by a code', means: CODE_MEANS },
    { value: 'browser', label: 'ChatGPT, in a browser', means: BROWSER_MEANS(machine) },
    { value: 'apiKey', label: 'API key', means: 'A key of OpenAI’s. It is paid by what is used.' },
    { value: 'file', label: 'auth.json', means: 'A login that Codex has written to a file, in its home.' },
  ] as const;
  return (
    <Dialog title="Add a login" onClose={onClose} isWide>
      <form className={styles.form} onSubmit={submit} noValidate autoComplete="off">
        <Choice label="With" options={ways} value={way} onChange={setWay} />
        <div className={styles.pair}>
          <Field label="Name" hint="By this name runs ask for it." error={problems.id}>
            {(parts) => (
              <input
                {...parts}
                value={id}
                spellCheck={false}
                autoCapitalize="none"
                placeholder="work"
                onChange={(event) => setId(event.target.value)}
              />
            )}
          </Field>
          <Field label="Pool" hint="Logins of a pool stand for each other. It may be left out." error={problems.pool}>
            {(parts) => (
              <Suggest
                parts={parts}
                value={pool}
                onChange={setPool}
                items={poolNames(seeds).map((value) => ({ value }))}
                placeholder="none"
              />
            )}
          </Field>
        </div>
        {way === 'apiKey' && <KeyField read={secret} clear={clear} error={problems.secret} />}
        {way === 'file' && <AuthFileField read={secret} clear={clear} error={problems.secret} />}
        <Fold title="More" note="settings" isOpen={isMoreOpen} onToggle={setMoreOpen}>
          <SettingsField value={settings} onChange={setSettings} />
        </Fold>
        <Problem error={begin.problem} />
        <DialogActions>
          <Button onClick={onClose}>Not now</Button>
          <Button kind="main" type="submit" disabled={begin.isBusy} aria-busy={begin.isBusy}>
            {begin.isBusy ? (isOwn ? 'Saving …' : 'Beginning …') : BEGIN[way]}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What the button says. */
const BEGIN: Readonly<Record<Way, string>> = {
  deviceCode: 'Get a code',
  browser: 'Begin the login',
  apiKey: 'Save the key',
  file: 'Save the login',
};
