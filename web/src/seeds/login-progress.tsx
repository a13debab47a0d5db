import { useEffect } from 'react';
import { isOver, type SeedLogin } from '../../../src/contract/seed-login.ts';
import { BusyButton } from '../design/busy-button.tsx';
import { Button } from '../design/button.tsx';
import { Dialog, DialogActions } from '../design/dialog.tsx';
import { Problem } from '../design/problem.tsx';
import { useAction } from '../design/use-action.ts';
import { api } from '../live/api.ts';
import styles from './login-progress.module.css';
import { LoginSteps } from './login-steps.tsx';
import { useLogin } from './use-login.ts';

export interface LoginProgressProps {
  readonly first: SeedLogin;
  /** The seed is there, and gets a new login. */
  readonly isAgain: boolean;
  readonly onClose: () => void;
  /** Another one has begun in its place. */
  readonly onStarted: (login: SeedLogin) => void;
  /** It is not to be told of any more. */
  readonly onPutAway: (login: SeedLogin) => void;
  readonly onChange: () => void;
}

/** A login that is under way, with all that one has to do for it. Whoever closes it finds it on the page. */
export function LoginProgress({ first, isAgain, onClose, onStarted, onPutAway, onChange }: LoginProgressProps) {
  const { login, problem } = useLogin(first);
  const { id, seed, pool, method, state, keptIn } = login;
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each state the list of the page is out of date
  useEffect(() => onChange(), [state]);
  const cancel = useAction(async () => {
    // Of one that could not be saved that discards what is kept of it.
    await api.cancelSeedLogin(id);
    onPutAway(login);
    onClose();
  });
  const begin = useAction(async () =>
    onStarted(
      await api.startSeedLogin({
        id: seed,
        method,
        ...(isAgain ? { again: true } : pool !== null && { pool }),
      }),
    ),
  );
  return (
    <Dialog title={isAgain ? `Log in again: ${seed}` : `Log in: ${seed}`} onClose={onClose}>
      <div className={styles.progress}>
        <LoginSteps login={login} />
        {state === 'failed' && <Problem error={login.error} title="The login has failed" />}
        <Problem error={problem ?? cancel.problem ?? begin.problem} />
      </div>
      <DialogActions>
        {isOver(login) ? (
          <>
            <Button kind={state === 'done' ? 'main' : 'plain'} onClick={onClose}>
              {state === 'done' ? 'Done' : 'Close'}
            </Button>
            {keptIn !== null && (
              <BusyButton kind="danger" busy="Discarding …" onAct={() => cancel.begin()}>
                Discard it
              </BusyButton>
            )}
            {state !== 'done' && (
              <BusyButton kind="main" busy="Beginning …" onAct={() => begin.begin()}>
                Begin anew
              </BusyButton>
            )}
          </>
        ) : (
          <BusyButton kind="danger" busy="Cancelling …" disabled={state === 'saving'} onAct={() => cancel.begin()}>
            Cancel the login
          </BusyButton>
        )}
      </DialogActions>
    </Dialog>
  );
}
