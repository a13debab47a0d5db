import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { testDirectory } from '../support/directories.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

it.each(['23.11.1', '8.17.0'])('says in one sentence that Node %s is too old, and does nothing', (version) => {
  const home = testDirectory('old-node');
  const old = join(home, 'old.cjs');
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(
    old,
    `Object.defineProperties(process, { version: { value: 'v${version}' }, versions: { value: ${versions} } });`,
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--require', old, MAIN, 'doctor'], {
    encoding: 'utf8',
    env: { HOME: home },
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `optio-codex needs Node 24 or newer; this is v${version}. Install it, or use npx node@24.\n`,
  });
});
