import { useState } from 'react';
import type { CreatedToken, TokenInfo } from '../../../src/contract/token.ts';
import { AskFirst } from '../design/ask-first.tsx';
import { Button } from '../design/button.tsx';
import { CopyButton } from '../design/copy-button.tsx';
import { Problem } from '../design/problem.tsx';
import { Time } from '../design/time.tsx';
import { useLoaded } from '../design/use-loaded.ts';
import { api } from '../live/api.ts';
import { NewTokenForm } from './new-token-form.tsx';
import { Section } from './section.tsx';
import styles from './settings-page.module.css';

/** Who may come in, besides whoever has the token of the data directory. */
export function Tokens() {
  const tokens = useLoaded('tokens', () => api.tokens());
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [going, setGoing] = useState<TokenInfo | null>(null);
  return (
    <Section title="Tokens">
      <p className={styles.quiet}>
        With a token somebody else, or a program, comes in. Its name stands in the record of what is done with it.
      </p>
      <Problem error={tokens.problem} />
      {created && <Secret token={created} onDone={() => setCreated(null)} />}
      {tokens.data?.length === 0 && <p className={styles.quiet}>There is none but that of the data directory.</p>}
      {tokens.data && tokens.data.length > 0 && (
        <ul className={styles.tokens}>
          {tokens.data.map((token) => (
            <li key={token.id}>
              <span className={styles.tokenName}>{token.name}</span>
              <span>{token.role}</span>
              <span className={styles.quiet}>
                made <Time at={token.createdAt} />
              </span>
              <span className={styles.quiet}>
                {token.expiresAt ? (
                  <>
                    holds until <Time at={token.expiresAt} isFull />
                  </>
                ) : (
                  'holds for ever'
                )}
              </span>
              <Button kind="danger" onClick={() => setGoing(token)} aria-label={`Remove the token ${token.name}`}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <NewTokenForm
        onCreated={(token) => {
          setCreated(token);
          tokens.reload();
        }}
      />
      <AskFirst
        isOpen={going !== null}
        onClose={() => setGoing(null)}
        title={`Remove the token “${going?.name ?? ''}”?`}
        verb="Remove"
        verbWhile="Removing …"
        act={async () => {
          if (!going) return;
          await api.removeToken(going.id);
          if (created?.id === going.id) setCreated(null);
          tokens.reload();
        }}
      >
        <p>Whoever comes in with it is locked out at once. Runs that were begun with it go on.</p>
      </AskFirst>
    </Section>
  );
}

function Secret({ token, onDone }: { readonly token: CreatedToken; readonly onDone: () => void }) {
  return (
    <div className={styles.secret} role="status">
      <p>
        The token <strong>{token.name}</strong>. It is shown this once, and kept nowhere: copy it now.
      </p>
      <code>{token.secret}</code>
      <div className={styles.buttons}>
        <CopyButton text={token.secret} label="Copy the token" />
        <Button kind="quiet" onClick={onDone}>
          I have it
        </Button>
      </div>
    </div>
  );
}
