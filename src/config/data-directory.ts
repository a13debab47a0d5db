import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { OptioError } from '../errors.ts';

/** Makes the data directory, and those above it that are missing, for nobody but us (0700). Throws `invalid-config`. */
export function makeDataDirectory(path: string): void {
  try {
    make(path);
  } catch (cause) {
    throw new OptioError('invalid-config', `the data directory ${path} cannot be made: ${(cause as Error).message}`, {
      cause,
      field: 'dataDir',
      remedy: 'Choose another one with OPTIO_CODEX_HOME, or let us write where it is to lie.',
    });
  }
}

/** Level by level: Node's own recursion does not come to an end where the system refuses a directory, as in /proc. */
function make(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (found) throw new Error('something else is in its place');
  make(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another process was faster
  }
}
