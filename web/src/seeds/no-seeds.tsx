import { Button } from '../design/button.tsx';
import { Command } from '../design/command.tsx';
import styles from './seeds-page.module.css';

/** What a seed is for, where there is none. */
export function NoSeeds({ isAdmin, onAdd }: { readonly isAdmin: boolean; readonly onAdd: () => void }) {
  return (
    <section className={styles.empty}>
      <h2>No login is saved yet</h2>
      <p>
        A seed is a saved login: of ChatGPT, or a key of OpenAI’s. It lies encrypted on the server, and runs use it by
        its name, or any of a pool that has something left. It is kept fresh while runs use it, and no agent can read
        it. A run that asks for none takes what is found in the environment of the server.
      </p>
      {isAdmin ? (
        <>
          <Button kind="main" onClick={onAdd}>
            Add a login
          </Button>
          <p>
            Or from a terminal: <Command args="seed add work" />
          </p>
        </>
      ) : (
        <p>An admin can add one.</p>
      )}
    </section>
  );
}
