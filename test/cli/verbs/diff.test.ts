import { describe, expect, it } from 'vitest';
import type { WorkspaceChange, WorkspaceChanges } from '../../../src/contract/workspace-change.ts';
import { runCommandLine } from '../../support/command-line.ts';
import { detailsOf } from '../../support/run-summary.ts';
import { scriptApi } from '../../support/scripted-api.ts';

const FILES: WorkspaceChange[] = [
  { path: 'src/a.ts', change: 'modified', added: 2, removed: 1, without: null },
  { path: 'b\u001b[2J.txt', change: 'added', added: 3, removed: 0, without: null },
  { path: 'src/new.ts', from: 'old.ts', change: 'renamed', added: 0, removed: 0, without: null },
  { path: 'c.png', change: 'modified', added: null, removed: null, without: 'binary' },
  {
    path: 'run.sh',
    change: 'modified',
    added: 0,
    removed: 0,
    mode: { before: '100644', after: '100755' },
    without: null,
  },
];
const DIFF = 'diff --git a/src/a.ts b/src/a.ts\n--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1 @@\n-\u001b[2Jold\n+new\r\n';

function begin(more: Partial<WorkspaceChanges> = {}, isCut = false) {
  const asked: (string | undefined)[] = [];
  const { api } = scriptApi({
    runs: [detailsOf()],
    handle: {
      listChanges: async () => ({ base: 'start', at: 'now', files: FILES, isPartial: false, note: null, ...more }),
      readDiff: async (path) => {
        asked.push(path);
        return { base: 'start', at: 'now', diff: DIFF, isCut };
      },
    },
  });
  return { api, asked };
}

describe('diff', () => {
  it('gives what it goes to all of it, as it is', async () => {
    const { api, asked } = begin();
    const { stdout, stderr } = await runCommandLine(api, ['diff', '@last']);
    expect([stdout, stderr, asked]).toEqual([DIFF, '', [undefined]]);
  });

  it('shows a terminal nothing that would move it', async () => {
    const { stdout } = await runCommandLine(begin().api, ['diff', '@last'], { columns: 80 });
    expect(stdout).not.toContain('\u001b[2J');
    expect(stdout).toContain('old');
  });

  it('asks for what was named, and for nothing where none of it differs', async () => {
    const { api, asked } = begin();
    expect((await runCommandLine(api, ['diff', '@last', 'src/', './c.png'])).stdout).toBe(DIFF + DIFF);
    expect(asked).toEqual(['src/', './c.png']);
    const none = await runCommandLine(api, ['diff', '@last', 'docs']);
    expect(none).toMatchObject({ stdout: '', stderr: 'Nothing differs from the start.\n' });
    expect(asked).toHaveLength(2);
  });

  it('tells how many lines', async () => {
    const { stdout } = await runCommandLine(begin().api, ['diff', '@last', '--stat']);
    expect(stdout.split('\n')).toEqual([
      'modified  src/a.ts  +2 -1',
      'added     b.txt  +3 -0',
      'renamed   old.ts → src/new.ts  +0 -0',
      'modified  c.png  binary',
      'modified  run.sh  +0 -0  mode 100644 → 100755',
      '5 files  +5 -1',
      '',
    ]);
    const none = await runCommandLine(begin({ files: [] }).api, ['diff', '@last', '--stat']);
    expect(none.stdout).toBe('Nothing differs from the start.\n');
  });

  it('gives the names alone, also of a part', async () => {
    const { stdout } = await runCommandLine(begin().api, ['diff', '@last', '--name-only', 'src']);
    expect(stdout).toBe('src/a.ts\nsrc/new.ts\n');
    expect((await runCommandLine(begin().api, ['diff', '@last', '--name-only', '--stat'])).code).toBe(2);
  });

  it('prints all of it as JSON, or the list alone', async () => {
    const whole = JSON.parse((await runCommandLine(begin().api, ['diff', '@last', '--json'])).stdout);
    expect(whole).toMatchObject({ base: 'start', at: 'now', files: FILES, diff: DIFF, isCut: false });
    const list = JSON.parse((await runCommandLine(begin().api, ['diff', '@last', '--stat', '--json'])).stdout);
    expect(list).toEqual({ base: 'start', at: 'now', files: FILES, isPartial: false, note: null });
  });

  it('says on the other stream what is missing', async () => {
    const { api } = begin({ note: 'The rest is only named.', isPartial: true }, true);
    const { stdout, stderr } = await runCommandLine(api, ['diff', '@last']);
    expect(stdout).toBe(DIFF);
    expect(stderr.split('\n')).toEqual([
      'The rest is only named.',
      'There are more files than are compared.',
      'There is more of it than is shown: name the files one by one.',
      '',
    ]);
  });
});
