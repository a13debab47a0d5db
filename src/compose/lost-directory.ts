import { statSync } from 'node:fs';
import { OptioError } from '../errors.ts';

/** How often it is looked whether the directory is still there, in milliseconds. */
const LOOK_MS = 5_000;

/**
 * Calls `onLost` once when a data directory is not where it was any more, or is another one: nobody can find the server
 * of the old one then, and a new one may be at work in its place. Gives what calls the watch off.
 */
export function watchDirectory(dataDir: string, onLost: (error: OptioError) => void): () => void {
  const before = identityOf(dataDir);
  const timer = setInterval(() => {
    if (identityOf(dataDir) === before) return;
    clearInterval(timer);
    onLost(new OptioError('store-failed', `${dataDir} was removed or replaced while its server ran`));
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Undefined when it is not there. */
function identityOf(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false, bigint: true });
  return found && `${found.dev}:${found.ino}`;
}
