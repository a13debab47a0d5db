import { cpSync, readdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { testDirectory } from '../../support/directories.ts';
import { ROOT } from '../cli/command.ts';

const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** The same program as it was before a change: its sources are copied, and older. Gives its command. */
export function makeOlderProgram(): string {
  const root = testDirectory('older');
  cpSync(join(ROOT, 'src'), join(root, 'src'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(root, 'package.json'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    utimesSync(join(root, 'src', name), LONG_AGO, LONG_AGO);
  }
  return join(root, 'src', 'cli', 'main.ts');
}
