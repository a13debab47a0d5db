import { isOver, type SeedLogin } from '../../../src/contract/seed-login.ts';
import { BusyButton } from '../design/busy-button.tsx';
import { Button } from '../design/button.tsx';
import { Time } from '../design/time.tsx';
import { toasts } from '../design/toast.ts';
import { api } from '../live/api.ts';
import styles from './open-logins.module.css';

export interface OpenLoginsProps {
  readonly logins: readonly SeedLogin[];
  readonly onOpen: (login: SeedLogin) => void;
  readonly onPutAway: (login: SeedLogin) => void;
  readonly onChange: () => void;
}

/** The logins that are under way, and those of which nothing came. */
export function OpenLogins({ logins, onOpen, onPutAway, onChange }: OpenLoginsProps) {
  if (logins.length === 0) return null;
  const cancel = async ({ id, seed }: SeedLogin) => {
    await api
      .cancelSeedLogin(id)
      .catch((thrown) => void toasts.failed(`The login of “${seed}” could not be cancelled`, thrown));
    onChange();
  };
  return (
    <section className={styles.logins} aria-label="Logins under way">
      <ul aria-live="polite">
        {logins.map((login) => (
          <li key={login.id} data-over={isOver(login) || undefined}>
            <p>
              <strong>{login.seed}</strong> <State login={login} />
            </p>
            <div className={styles.acts}>
              <Button onClick={() => onOpen(login)} aria-label={`Go on: ${login.seed}`}>
                {isOver(login) ? 'Look' : 'Go on'}
              </Button>
              {isOver(login) ? (
                <Button kind="quiet" onClick={() => onPutAway(login)} aria-label={`Put away: ${login.seed}`}>
                  Put away
                </Button>
              ) : (
                <BusyButton
                  kind="quiet"
                  busy="Cancelling …"
                  disabled={login.state === 'saving'}
                  onAct={() => cancel(login)}
                  aria-label={`Cancel: ${login.seed}`}
                >
                  Cancel
                </BusyButton>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function State({ login: { state, userCode, expiresAt, error, keptIn } }: { readonly login: SeedLogin }) {
  if (keptIn !== null)
    return (
      <>
        was logged in, and could not be saved. It is kept in <code className={styles.path}>{keptIn}</code>.
      </>
    );
  if (state === 'failed') return <>could not be logged in: {error?.message}</>;
  if (state === 'expired') return <>was not logged in in time.</>;
  if (state === 'waiting')
    return (
      <>
        waits for you to log in
        {userCode !== null && (
          <>
            {' '}
            with the code <code>{userCode}</code>
          </>
        )}
        ; that ends <Time at={expiresAt} />.
      </>
    );
  return <>{state === 'saving' ? 'is being saved.' : 'is begun.'}</>;
}
