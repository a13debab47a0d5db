import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { RunHandle } from '../../../src/contract/run-handle.ts';
import { Optio } from '../../../src/optio.ts';
import { testDirectory } from '../../support/directories.ts';
import { until } from '../../support/processes.ts';
import { makeRepository, writeInto } from '../../support/repository.ts';
import { makePlace, startRun, watchRun } from '../../support/run.ts';

/** What commands do here that no patch of Codex's tells of. */
const COMMANDS = [
  'sed -i s/two/2/ src/changed.txt',
  'mv old-name.txt new-name.txt',
  'rm gone.txt',
  'echo new > src/new.txt',
  'chmod +x run.sh',
  "printf 'a\\0c' > image.bin",
  'yes line | head -n 300000 > huge.txt',
].join(' && ');

function fill(workspace: string): void {
  writeInto(workspace, 'src/changed.txt', 'one\ntwo\nthree\n');
  writeInto(workspace, 'old-name.txt', 'the same\n');
  writeInto(workspace, 'gone.txt', 'gone\n');
  writeInto(workspace, 'run.sh', 'echo\n');
  writeInto(workspace, 'image.bin', 'a\0b');
}

/** Short: how, what, and how many lines or why none. */
async function toldBy(handle: RunHandle): Promise<string[]> {
  const { files } = await handle.listChanges();
  return files.map(({ path, change, from, added, removed, without, mode }) =>
    [change, from, path, without ?? `+${added} -${removed}`, mode && mode.before !== mode.after && mode.after]
      .filter(Boolean)
      .join(' '),
  );
}

const CHANGED = [
  'deleted gone.txt +0 -1',
  'added huge.txt too-large',
  'modified image.bin binary',
  'renamed old-name.txt new-name.txt +0 -0',
  'modified run.sh +0 -0 100755',
  'modified src/changed.txt +1 -1',
  'added src/new.txt +1 -0',
];

it('is told of all that commands have changed: live, at the end, and whatever becomes of the workspace', async () => {
  const place = await makePlace();
  fill(place.workspace);
  const copy = testDirectory('copy');
  cpSync(place.workspace, copy, { recursive: true });
  const handle = await startRun(place, {
    instructions: `!run ${COMMANDS} && touch .done && until [ -e .go ]; do sleep 0.05; done; rm .go .done\n!say done`,
    endRule: 'firstTurn',
  });
  await until(() => existsSync(join(place.workspace, '.done')), 'the command to wait');
  expect(await toldBy(handle)).toEqual(['added .done +0 -0', ...CHANGED]);
  expect(await handle.readDiff('src/changed.txt')).toEqual({
    base: 'start',
    at: 'now',
    diff: 'diff --git a/src/changed.txt b/src/changed.txt\n--- a/src/changed.txt\n+++ b/src/changed.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n',
    isCut: false,
  });
  writeFileSync(join(place.workspace, '.go'), '');
  expect(await handle.outcome).toMatchObject({ status: 'done' });
  writeInto(place.workspace, 'src/changed.txt', 'by somebody else\n');
  expect(await toldBy(handle)).toEqual(CHANGED);
  expect(await handle.listChanges()).toMatchObject({ at: 'end', isPartial: false, note: null });
  rmSync(place.workspace, { recursive: true });
  const { diff } = await handle.readDiff('src');
  execFileSync('git', ['apply', '-'], { cwd: copy, input: diff });
  expect(readFileSync(join(copy, 'src/changed.txt'), 'utf8')).toBe('one\n2\nthree\n');
  expect(readFileSync(join(copy, 'src/new.txt'), 'utf8')).toBe('new\n');

  // What was kept goes with the run.
  const kept = join(place.dataDir, 'kept', handle.id);
  expect([existsSync(kept), existsSync(join(place.dataDir, 'runs', handle.id))]).toEqual([true, false]);
  await handle.remove();
  expect(existsSync(kept)).toBe(false);
});

it('is told of by the next process too, while the run goes on and when it has ended', async () => {
  const place = await makePlace();
  fill(place.workspace);
  const { id } = await startRun(place, {
    instructions:
      '!run echo 1 >> gone.txt && touch .done && until [ -e .go ]; do sleep 0.05; done; rm .go .done\n!say done',
  });
  await until(() => existsSync(join(place.workspace, '.done')), 'the command to wait');
  await place.optio.close({ leave: true });
  const open = async () => {
    const optio = await Optio.open({ dataDir: place.dataDir, env: { PATH: process.env.PATH, HOME: place.home } });
    onTestFinished(() => optio.close());
    return optio;
  };
  const second = await open();
  const handle = await second.find(id);
  expect(await toldBy(handle)).toEqual(['added .done +0 -0', 'modified gone.txt +1 -0']);
  writeFileSync(join(place.workspace, '.go'), '');
  expect(await handle.outcome).toMatchObject({ status: 'done' });
  await second.close();
  const third = await (await open()).find(id);
  expect(await toldBy(third)).toEqual(['modified gone.txt +1 -0']);
  expect((await third.readDiff()).diff).toContain('@@ -1 +1,2 @@\n gone\n+1\n');
});

it('is told of for a worktree that is gone with the end of its run', async () => {
  const [repository, place] = [makeRepository(), await makePlace()];
  const { handle, outcome } = await watchRun(place, {
    instructions: '!run echo more >> README.md\n!say done',
    workspace: { worktree: repository.root },
    endRule: 'firstTurn',
  });
  expect(existsSync(outcome.workspace?.path ?? '')).toBe(false);
  expect((await handle.readDiff()).diff).toContain('@@ -1 +1,2 @@\n Read me.\n+more\n');
});

it('names what a run has changed that was recorded before lines were kept, and says why', async () => {
  const place = await makePlace();
  fill(place.workspace);
  const { handle } = await watchRun(place, { instructions: '!run rm gone.txt\n!say done', endRule: 'firstTurn' });
  rmSync(join(place.dataDir, 'kept'), { recursive: true });
  expect(await toldBy(handle)).toEqual(['deleted gone.txt not-kept']);
  expect(await handle.listChanges()).toMatchObject({ at: 'end', note: expect.stringContaining('was not kept') });
  expect((await handle.readDiff()).diff).toMatch(/^# gone\.txt deleted: /);
});

it('no command of the run can read or change what is kept of its start', async () => {
  const place = await makePlace();
  fill(place.workspace);
  const runs = join(place.dataDir, 'runs');
  const { outputs, handle } = await watchRun(place, {
    instructions: `!run cat ${runs}/*/before* ; echo x >> ${runs}/*/before.json ; rm -r ${runs} ; rm gone.txt\n!say done`,
    endRule: 'firstTurn',
  });
  expect(outputs.join('')).not.toContain('the same');
  expect((await handle.readDiff()).diff).toContain('-gone\n');
});
