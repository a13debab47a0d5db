import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { removeDirectory } from '../../src/hosts/remove.ts';
import { PREFIX } from './prefix.ts';

/** A directory for one test, removed when the test has passed. The evidence of a failed one stays for a day. */
export function testDirectory(name = 'directory'): string {
  const directory = makeDirectory(name);
  onTestFinished(async ({ task }) => {
    if (task.result?.state !== 'fail') await removeDirectory(directory);
  });
  return directory;
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
