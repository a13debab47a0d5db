import type { ErrorRecord } from '../contract/outcome.ts';
import type { NewSeedLogin } from '../contract/seed-login.ts';
import { fromUnknown, OptioError } from '../errors.ts';

export type LoginMethod = NonNullable<NewSeedLogin['method']>;

const OTHER_WAYS =
  'Log in with a browser on the machine of optio-codex (--browser), or with `codex login` elsewhere, and give its auth.json (--from).';
const AGAIN = 'Begin it once more.';

/** What codex or its provider says may quote anything: of that nothing stays that could let somebody in. */
export function toSafeLine(text: string): string {
  const line = text.replace(/[\w+~-]{32,}/g, '…').replace(/[^\x20-\x7e…]+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 299)}…` : line;
}

/** Why codex did not even begin a login. */
export function notBegun(thrown: unknown): OptioError {
  const { code, message } = fromUnknown(thrown);
  const said = toSafeLine(message.replace(/^"account\/login\/start" failed: /, ''));
  if (/not enabled/.test(said)) {
    return new OptioError('login-failed', 'the provider does not let this account log in with a code', {
      remedy: `Enable device codes in the security settings of ChatGPT. ${OTHER_WAYS}`,
    });
  }
  if (code === 'call-failed') {
    return new OptioError('provider-unreachable', `the provider did not begin the login: ${said}`, {
      remedy:
        'Check the network, the proxy and the certificates that optio-codex was started with, and begin once more.',
    });
  }
  return new OptioError(code === 'internal' ? 'codex-start-failed' : code, `codex did not begin the login: ${said}`, {
    remedy: 'Run the doctor.',
  });
}

/** Why a login that was begun came to nothing. `said`: what codex says of it; null when it has died. */
export function notLoggedIn(said: string | null, method: LoginMethod): OptioError {
  if (said === null) {
    return new OptioError('login-failed', 'codex has ended before somebody had logged in', { remedy: AGAIN });
  }
  if (/Login was not completed/.test(said)) {
    const isBrowser = method === 'browser';
    return new OptioError('login-failed', 'the login was broken off', {
      remedy: isBrowser ? `Another codex on this machine may have begun one: it takes the same port. ${AGAIN}` : AGAIN,
    });
  }
  const isDenied = /device auth failed with status 400/.test(said);
  const message = isDenied ? 'the login was denied, or its code is too old' : 'the provider did not give the login';
  return new OptioError('login-failed', `${message}: ${toSafeLine(said)}`, { remedy: AGAIN });
}

export function tooLate(minutes: number): OptioError {
  const time = minutes >= 1 ? `${Math.round(minutes)} minutes` : 'the time that there was';
  return new OptioError('login-failed', `nobody has logged in within ${time}`, { remedy: AGAIN });
}

/** The port to which the browser comes back is taken. */
export function portTaken(port: number): OptioError {
  return new OptioError('login-failed', `port ${port} is taken, to which the browser would come back`, {
    remedy: 'Another codex may wait for a login there. End that first, or log in with a code.',
  });
}

/** A login that is there, and could not be saved. */
export function notSaved(thrown: unknown, seed: string, file: string, isAgain: boolean): OptioError {
  const error = fromUnknown(thrown);
  const save = `optio-codex seed add ${isAgain ? seed : 'NAME'} --from ${file}${isAgain ? ' --again' : ''}`;
  return new OptioError(error.code, `somebody has logged in, and it could not be saved: ${error.message}`, {
    cause: error,
    remedy: `The login is kept in ${file}, and saved when optio-codex starts anew, if it can be then. To save it before that: \`${save}\`. Cancelling the login discards it.`,
  });
}

/** A login that is there, and of which cannot be read any more for which seed it is. */
export function forNobodyKnowsWhom(file: string): OptioError {
  return new OptioError('login-failed', 'somebody has logged in, and it cannot be read any more for which seed', {
    remedy: `The login is kept in ${file}. To save it: \`optio-codex seed add NAME --from ${file}\`, with \`--again\` for a seed that is there. Cancelling the login discards it.`,
  });
}

export function recordOf({ code, message, details: { remedy, field } }: OptioError): ErrorRecord {
  return { code, message, ...(remedy !== undefined && { remedy }), ...(field !== undefined && { field }) };
}
