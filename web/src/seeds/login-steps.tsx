import { ExternalLink } from 'lucide-react';
import type { SeedLogin } from '../../../src/contract/seed-login.ts';
import { CopyButton } from '../design/copy-button.tsx';
import { durationInWords } from '../design/in-words.ts';
import { timeOfDay } from '../design/moment.ts';
import { useNow } from '../design/ticking.ts';
import styles from './login-progress.module.css';
import { webAddress } from './logins.ts';

/** How a login stands, in words, with what one has to do for it. */
export function LoginSteps({ login }: { readonly login: SeedLogin }) {
  const { state, method } = login;
  return (
    <>
      {state === 'waiting' && (method === 'deviceCode' ? <CodeSteps login={login} /> : <BrowserSteps login={login} />)}
      <p role="status" className={styles.state} data-state={state}>
        {STATES[state]}
      </p>
      {state === 'waiting' && <Rest expiresAt={login.expiresAt} />}
    </>
  );
}

const STATES: Readonly<Record<SeedLogin['state'], string>> = {
  starting: 'Codex is started, and asks for the login …',
  waiting: 'Waiting for you to log in …',
  saving: 'You are logged in. The login is being saved …',
  done: 'You are logged in, and the login is saved.',
  failed: '',
  cancelled: 'The login was cancelled. Nothing is saved.',
  expired: 'Nobody has logged in in time. Nothing is saved.',
};

function CodeSteps({ login: { url, userCode } }: { readonly login: SeedLogin }) {
  return (
    <ol className={styles.steps}>
      <li>
        <span>Open this page, in any browser, and log in:</span>
        <Address url={url} />
      </li>
      <li>
        <span>Enter this code there:</span>
        {userCode !== null && (
          <span className={styles.codeLine}>
            <code className={styles.code}>{userCode}</code>
            <CopyButton text={userCode} label="Copy the code" />
          </span>
        )}
      </li>
      <li>
        <span>Come back here: the rest goes by itself. Give the code to nobody.</span>
      </li>
    </ol>
  );
}

function BrowserSteps({ login: { url } }: { readonly login: SeedLogin }) {
  const address = webAddress(url);
  return (
    <ol className={styles.steps}>
      <li>
        <span>Log in at this page, in a browser on the machine of the server:</span>
        {address !== null && (
          <span className={styles.codeLine}>
            <a href={address} target="_blank" rel="noreferrer">
              The login at {new URL(address).host} <ExternalLink size={13} aria-hidden />
            </a>
            <CopyButton text={address} label="Copy the address" />
          </span>
        )}
      </li>
      <li>
        <span>It sends you back to the server, which does the rest.</span>
      </li>
    </ol>
  );
}

function Address({ url }: { readonly url: string | null }) {
  const address = webAddress(url);
  if (address === null) return <code>{url}</code>;
  return (
    <a href={address} target="_blank" rel="noreferrer">
      {address} <ExternalLink size={13} aria-hidden />
    </a>
  );
}

/** How long it holds. Nobody is read that by the second. */
function Rest({ expiresAt }: { readonly expiresAt: string }) {
  const left = Date.parse(expiresAt) - useNow();
  return (
    <p className={styles.rest} aria-live="off">
      It holds until {timeOfDay(expiresAt)}
      {left > 0 && `, for ${durationInWords(left)}`}.
    </p>
  );
}
