/** What waits for a better moment comes at the latest after so long, in milliseconds. */
const LATEST_MS = 1_000;

/** Resolves as soon as the browser has nothing better to do. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    // Not every browser can tell.
    if ('requestIdleCallback' in window) requestIdleCallback(() => resolve(), { timeout: LATEST_MS });
    else setTimeout(resolve, LATEST_MS / 4);
  });
}
