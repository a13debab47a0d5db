import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { SavedVersion } from '../../src/contract/seed-wish.ts';
import { checkConfig, type SavedLogin } from '../../src/session/config.ts';
import { saveLeft } from '../../src/session/prepared.ts';
import { chatgptAuth } from '../support/auth.ts';
import { testDirectory } from '../support/directories.ts';
import { makeRun } from '../support/memory-run.ts';

/** What a program is told when a login is saved that a process has left, which is this by then. */
async function toldOf(saved: SavedVersion): Promise<SavedLogin[]> {
  const data = testDirectory('prepared');
  const run = join(data, 'run');
  mkdirSync(join(run, 'codex'), { recursive: true });
  writeFileSync(join(run, 'seed.json'), JSON.stringify({ seedId: 'work' }));
  writeFileSync(join(run, 'codex', 'auth.json'), chatgptAuth());
  const lend = () => Promise.reject(new Error('not asked for here'));
  const logins = { lend, saveLeft: async () => saved, names: async () => [], end: async () => {} };
  const context = makeRun({ logins, directories: { data, run, workspaces: join(data, 'workspaces') } });
  const told: SavedLogin[] = [];
  const onSeedSaved = (login: SavedLogin) => told.push(login);
  await saveLeft(context, checkConfig({ instructions: 'go', workspace: { fresh: true }, onSeedSaved }));
  return told;
}

it('tells a program of a newer version that a dead process has left, and of nothing else', async () => {
  expect(await toldOf({ isNew: true, version: 2 })).toEqual([{ runId: 'run-1', seedId: 'work', version: 2 }]);
  expect(await toldOf({ isNew: false, version: 2 })).toEqual([]);
});
