import { fchmodSync, openSync, writeSync } from 'node:fs';
import type { Trace } from '../rpc/tracing.ts';

/** Writes every message into a file that only we may read, one a line, without the logins. */
export function traceToFile(path: string): Trace {
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600); // one that was there already may be open to others
  return (direction, text) => {
    const told = holdsLogin(text) ? '(a login, left out)' : text;
    writeSync(file, `${new Date().toISOString()} ${direction === 'in' ? '<' : '>'} ${told}\n`);
  };
}

/** Keys and tokens go to Codex by these two, and come back by none. */
function holdsLogin(text: string): boolean {
  return text.includes('"account/login/start"') || text.includes('"accessToken"') || text.includes('"apiKey"');
}
