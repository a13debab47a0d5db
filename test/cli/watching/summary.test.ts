import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { showSummary } from '../../../src/cli/watching/summary.ts';
import type { RunOutcome, WorkspaceReport } from '../../../src/contract/outcome.ts';
import { watchScreen } from '../../support/screen.ts';

const OUTCOME: RunOutcome = {
  status: 'done',
  text: 'Done.',
  durationMs: 65_000,
  usage: { total: 1234, input: 1000, cached: 500, output: 234, reasoning: 10 },
  turns: 1,
};
const WORKSPACE: WorkspaceReport = { path: '/repo/space', kind: 'fresh', changes: [], isPartial: false };
const LINE = '─'.repeat(60);
const USAGE = '1,234 tokens (1,000 in, 500 of them cached, 234 out)';

function summary(outcome: Partial<RunOutcome>): string {
  const { screen, written } = watchScreen();
  showSummary('run-1', { ...OUTCOME, ...outcome }, screen, styleFor({ isTTY: false }, {}));
  return written();
}

describe('showSummary', () => {
  it('says how the run ended and what it took', () => {
    expect(summary({})).toBe(`${LINE}\n✓ done · 1 min 05 s · 1 turn · ${USAGE}\n  run  run-1\n`);
    const cancelled = summary({ status: 'cancelled', turns: 2 });
    expect(cancelled).toContain(`${LINE}\n■ cancelled · 1 min 05 s · 2 turns · ${USAGE}\n`);
  });

  it('says why it failed, and what to do', () => {
    const error = { code: 'codex-exited', message: 'gone', remedy: 'Run it again.', stderr: 'one\ntwo' } as const;
    const lines = ['  gone', '    │ one', '    │ two', '    Run it again.', '    (codex-exited)'];
    const text = summary({ status: 'failed', error });
    expect(text).toContain('✗ failed · ');
    expect(text.endsWith(`\n${lines.join('\n')}\n`)).toBe(true);
  });

  it('quotes no last words that the message has already', () => {
    const error = { code: 'git-failed', message: 'git failed: fatal: no', stderr: 'fatal: no\n' } as const;
    expect(summary({ status: 'failed', error }).endsWith('\n  git failed: fatal: no\n    (git-failed)\n')).toBe(true);
  });

  it('lists the files that changed, and where they are', () => {
    const changes = [
      { path: 'a', change: 'added' },
      { path: 'b', change: 'modified' },
      { path: 'c', change: 'deleted' },
    ] as const;
    const text = summary({ workspace: { ...WORKSPACE, changes: [...changes] } });
    expect(text.endsWith('\n  + a\n  ~ b\n  - c\n  in /repo/space\n')).toBe(true);
  });

  it('lists at most 20 files, and says how many more there are', () => {
    const changes = Array.from({ length: 25 }, (_, index) => ({ path: `f${index}`, change: 'added' as const }));
    const text = summary({ workspace: { ...WORKSPACE, changes, isPartial: true } });
    expect(text).toContain('  + f19\n  … and 5 more\n  (there are more files here than are compared)\n');
    expect(text).not.toContain('f20');
  });

  it('says that nothing changed', () => {
    expect(summary({ workspace: WORKSPACE })).toContain('\n  no file changed in the workspace\n  in /repo/space\n');
  });

  it('lets no name of a file pass for lines of ours, and counts no tokens where there are none', () => {
    const changes = [{ path: 'a\n✓ done', change: 'added' as const }];
    const usage = { total: 0, input: 0, cached: 0, output: 0, reasoning: 0 };
    const text = summary({ usage, workspace: { ...WORKSPACE, changes } });
    expect(text).toContain('1 turn · no tokens\n  run  run-1\n  + a\\n✓ done\n');
  });

  it('says on which branch the work of a worktree is', () => {
    const worktree = {
      ...WORKSPACE,
      kind: 'worktree',
      branch: 'optio-codex/run-1',
      commit: 'abcdef0123456789',
    } as const;
    const text = summary({ workspace: { ...worktree, changes: [{ path: 'a', change: 'added' }] } });
    expect(text.endsWith('\n  + a\n  on branch optio-codex/run-1 as commit abcdef012345\n')).toBe(true);
  });

  it('lets nothing from outside control the terminal', () => {
    const evil = '\u001b]52;c;ZXZpbA==\u0007\u009b2J';
    const error = { code: 'internal', message: evil, remedy: evil, stderr: evil } as const;
    const changes = [{ path: evil, change: 'added' as const }];
    const inPlace = summary({ error, workspace: { ...WORKSPACE, path: evil, changes } });
    const onBranch = summary({ workspace: { ...WORKSPACE, branch: evil, commit: 'abc' } });
    expect(inPlace + onBranch).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
