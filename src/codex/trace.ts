import { appendFileSync, closeSync, fchmodSync, openSync } from 'node:fs';
import type { Trace } from '../rpc/tracing.ts';

/** Writes every message into a file that only we may read, one a line, without logins and without answers of people. */
export function traceToFile(path: string): Trace {
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600); // one that was there already may be open to others
  closeSync(file); // nobody tells when the last message has come, so none stays open
  return (direction, text) => {
    const told = leftOut(text) ?? text;
    appendFileSync(path, `${new Date().toISOString()} ${direction === 'in' ? '<' : '>'} ${told}\n`, { mode: 0o600 });
  };
}

function leftOut(text: string): string | undefined {
  // Keys and tokens go to Codex by these, and come back by none.
  const holdsLogin = ['"account/login/start"', '"accessToken"', '"apiKey"'].some((sign) => text.includes(sign));
  if (holdsLogin) return '(a login, left out)';
  // A reply does not say whether the question was about a secret.
  return text.includes('"result":{"answers":') ? '(answers, left out)' : undefined;
}
