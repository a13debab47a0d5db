import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';

const PROGRAM = fileURLToPath(new URL('../../src/seeds/durable-file.ts', import.meta.url));

/** Calls a function of the module in a process whose files have room for one block: a longer write is cut short there. */
async function inOneBlock(call: string): Promise<string> {
  const code = `const files = await import(${JSON.stringify(PROGRAM)});
    console.log(await ${call}.then(() => 'put', ({ code }) => code));`;
  const given = ['-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', code];
  const { stdout } = await promisify(execFile)('sh', given);
  return stdout.trim();
}

it('puts nothing there of what the disk has taken a part of', async () => {
  const directory = testDirectory('durable');
  const path = join(directory, 'file');
  expect(await inOneBlock(`files.putDurably(${JSON.stringify(path)}, 'x'.repeat(1500))`)).toBe('EFBIG');
  expect(readdirSync(directory)).toEqual([]);
  expect(await inOneBlock(`files.putDurably(${JSON.stringify(path)}, 'short')`)).toBe('put');
  expect(readFileSync(path, 'utf8')).toBe('short');
});
