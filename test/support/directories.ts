import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { PREFIX } from './prefix.ts';
import { until } from './processes.ts';

/** A directory for one test, removed when the test has passed. The evidence of a failed one stays for a day. */
export function testDirectory(name = 'directory'): string {
  const directory = makeDirectory(name);
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') await until(() => isRemoved(directory), `everybody to leave ${directory}`);
  });
  return directory;
}

/** False while somebody who is about to end still writes there. */
async function isRemoved(directory: string): Promise<boolean> {
  try {
    await removeDirectory(directory);
    return true;
  } catch (thrown) {
    if (((thrown as Error).cause as NodeJS.ErrnoException | undefined)?.code === 'ENOTEMPTY') return false;
    throw thrown;
  }
}

/** A directory that belongs to no test: whoever makes it removes it. */
export function makeDirectory(name: string): string {
  return mkdtempSync(`${PREFIX}${name}-`);
}

/** A directory below another, made. */
export function subdirectory(...path: [string, ...string[]]): string {
  const directory = join(...path);
  mkdirSync(directory, { recursive: true });
  return directory;
}
