import { setTimeout as delay } from 'node:timers/promises';
import { fromUnknown } from '../errors.ts';
import { readProcess } from '../hosts/processes.ts';
import { readHolder } from '../store/hold.ts';

/** How long a server may take to give back the data directory, or to answer once it has it, in milliseconds. */
const BUSY_MS = 30_000;
const RETRY_MS = 100;

/**
 * Tries to begin a server, again and again while another one has the data directory, which begins or ends just now. Throws
 * `data-directory-busy` at once for any other process that has it, and when that takes too long.
 */
export async function whenFree<T>(dataDir: string, begin: () => Promise<T>): Promise<T> {
  const over = performance.now() + BUSY_MS;
  for (;;) {
    try {
      return await begin();
    } catch (thrown) {
      const isBusy = fromUnknown(thrown).code === 'data-directory-busy';
      if (!isBusy || !willAnswerOrEnd(dataDir) || performance.now() > over) throw thrown;
      await delay(RETRY_MS);
    }
  }
}

/** Whether whoever has the directory is a server, or has ended meanwhile. */
function willAnswerOrEnd(dataDir: string): boolean {
  const holder = readHolder(dataDir);
  const seen = holder && readProcess(holder.pid);
  return !seen || seen.isZombie || holder.isServer === true;
}
