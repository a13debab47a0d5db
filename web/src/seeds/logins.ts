import type { OptioApi } from '../../../src/contract/api.ts';
import { isOver, type SeedLogin, type SeedLoginState } from '../../../src/contract/seed-login.ts';

/**
 * The logins that the page has to tell of: those under way, and what has failed or has run out, as long as nobody has put that
 * away or has begun anew for the same seed. The newest first.
 */
export function loginsToTell(logins: readonly SeedLogin[], putAway: ReadonlySet<string>): SeedLogin[] {
  const newestFirst = logins.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  return newestFirst.filter((login, at) => {
    if (!isOver(login)) return true;
    if (login.state === 'done' || login.state === 'cancelled' || putAway.has(login.id)) return false;
    return !newestFirst.slice(0, at).some(({ seed }) => seed === login.seed);
  });
}

/** Tells of a login again and again, until it is over or `signal` is aborted. Throws what the server throws. */
export async function followLogin(
  api: Pick<OptioApi, 'seedLogin'>,
  id: string,
  { signal, onChange }: { readonly signal: AbortSignal; readonly onChange: (login: SeedLogin) => void },
): Promise<void> {
  let seen: SeedLoginState | undefined;
  while (!signal.aborted) {
    const login = await api.seedLogin(id, seen === undefined ? {} : { seen });
    if (signal.aborted) return;
    onChange(login);
    if (isOver(login)) return;
    seen = login.state;
  }
}

/** An address that one may go to; what begins otherwise is never a link. */
export function webAddress(url: string | null): string | null {
  const parsed = url === null ? null : URL.parse(url);
  return parsed && (parsed.protocol === 'https:' || parsed.protocol === 'http:') ? parsed.href : null;
}
