import { type FormEvent, useState } from 'react';
import { Button } from '../design/button.tsx';
import styles from './login.module.css';
import { logIn } from './session.ts';

/** Asks for a token: of the server's data directory, or one that was made for somebody. */
export function Login({ onDone }: { readonly onDone: () => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const token = String(new FormData(event.currentTarget).get('token') ?? '').trim();
    try {
      await logIn({ token });
      onDone();
    } catch (thrown) {
      setProblem((thrown as Error).message);
    }
  };
  return (
    <main className={styles.login}>
      <form onSubmit={(event) => void submit(event)}>
        <h1>optio-codex</h1>
        {problem !== null && (
          <p className={styles.problem} role="alert">
            {problem}
          </p>
        )}
        <label htmlFor="token">Token</label>
        <input id="token" name="token" type="password" autoComplete="current-password" required />
        <Button kind="main" type="submit">
          Log in
        </Button>
        <p className={styles.hint}>
          On the machine of the server, <code>optio-codex page</code> prints a link that logs you in; in a clone that is{' '}
          <code>npm start -- page</code>. Elsewhere, use a token that <code>optio-codex token add</code> has made.
        </p>
      </form>
    </main>
  );
}
