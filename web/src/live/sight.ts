import type { Feed } from './feed.ts';
import { waitFor } from './wait.ts';

/** The lock of the one tab that listens though nobody sees it. */
const LISTENER = 'optio-codex-listener';
/** For how long a tab may be out of sight before it lets go of its connection, in milliseconds. */
const PATIENCE_MS = 10_000;

export interface SightOptions {
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
  /** Not there where the page does not come over HTTPS, and from another machine. */
  readonly locks: Pick<LockManager, 'request'> | undefined;
  /** (10,000) */
  readonly patienceMs?: number;
}

/**
 * Keeps a tab connected while one sees it. A browser has six connections to a server at most, and each tab holds one: of all
 * those that nobody sees only one stays connected, for the notifications, and the others come back once they are seen. The
 * returned function ends that.
 */
export function followSight(
  feed: Pick<Feed, 'start' | 'stop'>,
  { document, locks, patienceMs = PATIENCE_MS }: SightOptions,
): () => void {
  if (!locks) return () => {};
  let away: AbortController | undefined;
  let isStopped = false;
  const start = () => {
    if (!isStopped) return;
    isStopped = false;
    feed.start();
  };
  const leave = async ({ signal }: AbortController) => {
    await waitFor(patienceMs, signal);
    if (signal.aborted) return;
    isStopped = true;
    feed.stop();
    await locks.request(LISTENER, { signal }, () => {
      start();
      return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    });
  };
  const look = () => {
    const isSeen = document.visibilityState === 'visible';
    if (isSeen && away) {
      away.abort();
      away = undefined;
      start();
    } else if (!isSeen && !away) {
      away = new AbortController();
      leave(away).catch(() => {}); // it is seen again before it was its turn
    }
  };
  document.addEventListener('visibilitychange', look);
  look();
  return () => {
    document.removeEventListener('visibilitychange', look);
    away?.abort();
  };
}
