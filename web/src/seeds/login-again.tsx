import { useState } from 'react';
import type { SeedSummary } from '../../../src/contract/seed.ts';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { Button } from '../design/button.tsx';
import { Choice } from '../design/choice.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import styles from './add-login.module.css';
import { accountOf } from './seed-words.ts';
import { BROWSER_MEANS, CODE_MEANS } from './way-words.ts';

export interface LoginAgainProps {
  readonly seed: SeedSummary;
  readonly machine: string | undefined;
  readonly onClose: () => void;
  readonly onStarted: (login: SeedLogin) => void;
}

/** Gives a seed a new login, of the same account. */
export function LoginAgain({ seed, machine, onClose, onStarted }: LoginAgainProps) {
  const [method, setMethod] = useState<SeedLogin['method']>('deviceCode');
  const begin = useAction(async () => onStarted(await api.startSeedLogin({ id: seed.id, method, again: true })));
  const ways = [
    { value: 'deviceCode', label: 'By a code', means: CODE_MEANS },
    { value: 'browser', label: 'In a browser', means: BROWSER_MEANS(machine) },
  ] as const;
  return (
    <Dialog
      title={`Log in again: ${seed.id}`}
      description={`It takes the account that it has: ${accountOf(seed)}. Another one is refused.`}
      onClose={onClose}
    >
      <div className={styles.form}>
        <Choice label="How" options={ways} value={method} onChange={setMethod} />
        <Problem error={begin.problem} />
      </div>
      <DialogActions>
        <Button onClick={onClose}>Not now</Button>
        <Button kind="main" onClick={() => void begin.begin()} disabled={begin.isBusy} aria-busy={begin.isBusy}>
          {begin.isBusy ? 'Beginning …' : method === 'deviceCode' ? 'Get a code' : 'Begin the login'}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
