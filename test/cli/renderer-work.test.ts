import { describe, expect, it } from 'vitest';
import { Renderer } from '../../src/cli/renderer.ts';
import { styleFor } from '../../src/cli/style.ts';
import type { RunEventBody } from '../../src/contract/event.ts';
import type { FileChange, Item } from '../../src/contract/item.ts';
import { numbered, SESSION_STARTED } from '../support/run-events.ts';
import { watchScreen } from '../support/screen.ts';

type Command = Extract<Item, { kind: 'command' }>;

const turn = { turnId: 't1' };
const running: Command = { kind: 'command', id: 'c1', command: 'ls', cwd: '/work', status: 'running', output: '' };

function shown(...bodies: readonly RunEventBody[]): string {
  const { screen, written } = watchScreen();
  const renderer = new Renderer(screen, styleFor({ isTTY: false }, {}));
  for (const event of numbered(...bodies)) renderer.show(event);
  return written();
}

/** A command that runs, puts something out piece by piece, and ends. */
function run(pieces: readonly string[], end: Partial<Command>): string {
  const deltas = pieces.map((delta) => ({ type: 'item.delta', ...turn, itemId: 'c1', part: 'output', delta }) as const);
  const completed: Command = { ...running, status: 'completed', output: pieces.join(''), ...end };
  return shown({ type: 'item.started', ...turn, item: running }, ...deltas, {
    type: 'item.completed',
    ...turn,
    item: completed,
  });
}

function change(status: 'completed' | 'failed', ...changes: readonly FileChange[]): string {
  const item: Item = { kind: 'fileChange', id: 'f1', status, changes: [...changes] };
  return shown(SESSION_STARTED, { type: 'item.completed', ...turn, item })
    .split('\n\n')
    .slice(1)
    .join('\n\n');
}

describe('Renderer on commands', () => {
  it('shows the command, its output by whole lines, and that it went well', () => {
    expect(run(['a', '.txt\nb', '.txt\n'], { exitCode: 0, durationMs: 1200 })).toBe(
      '$ ls\n  │ a.txt\n  │ b.txt\n  ✓ 1.2 s\n\n',
    );
  });

  it('shows a last line that has no end', () => {
    expect(run(['a\nb'], { exitCode: 0 })).toBe('$ ls\n  │ a\n  │ b\n  ✓\n\n');
  });

  it('shows the output of a command that came whole', () => {
    expect(run([], { output: 'a\nb\n', exitCode: 0 })).toBe('$ ls\n  │ a\n  │ b\n  ✓\n\n');
  });

  it.each<[Partial<Command>, string]>([
    [{ exitCode: 2, durationMs: 500 }, '✗ exit code 2 0.5 s'],
    [{ exitCode: -1, durationMs: 500 }, '✗ stopped 0.5 s'],
    [{ status: 'declined' }, '✗ declined'],
    [{ status: 'failed' }, '✗ exit code unknown'],
  ])('shows how it ended: %j', (end, text) => {
    expect(run([], end)).toBe(`$ ls\n  ${text}\n\n`);
  });

  it('cuts a long output, and says how much it left out', () => {
    const lines = Array.from({ length: 50 }, (_, index) => `line ${index + 1}`);
    for (const text of [
      run(
        lines.map((line) => `${line}\n`),
        { exitCode: 0 },
      ),
      run([lines.join('\n')], { exitCode: 0 }),
    ]) {
      expect(text).toContain('  │ line 40\n  │ … 10 more lines\n  ✓');
      expect(text).not.toContain('line 41');
    }
  });

  it('keeps the outputs of two commands apart', () => {
    const delta = (itemId: string, text: string) => {
      return { type: 'item.delta', ...turn, itemId, part: 'output', delta: text } as const;
    };
    expect(shown(delta('c1', 'on'), delta('c2', 'two\n'), delta('c1', 'e\n'))).toBe('  │ two\n  │ one\n');
  });
});

describe('Renderer on changed files', () => {
  it('shows a change as a diff, by its path in the workspace', () => {
    const diff = '@@ -1 +1 @@\n-old\n+new\n same\n';
    expect(change('completed', { path: '/work/space/src/a.ts', kind: 'update', diff })).toBe(
      '~ src/a.ts\n  @@ -1 +1 @@\n  -old\n  +new\n   same\n\n',
    );
  });

  it.each<[FileChange, string]>([
    [{ path: '/work/space/a', kind: 'add', diff: 'x\ny\n' }, '+ a\n  +x\n  +y\n\n'],
    [{ path: '/work/space/a', kind: 'delete', diff: 'x\n' }, '- a\n  -x\n\n'],
    [{ path: '/work/space/a', kind: 'move', movedTo: '/work/space/b', diff: '+x\n' }, '→ a → b\n  +x\n\n'],
    [{ path: '/etc/passwd', kind: 'update', diff: '+x\n' }, '~ /etc/passwd\n  +x\n\n'],
    [{ path: '/work/space-2/a', kind: 'update', diff: '+x\n' }, '~ /work/space-2/a\n  +x\n\n'],
  ])('shows %o', (one, text) => {
    expect(change('completed', one)).toBe(text);
  });

  it('shows an empty file as no line', () => {
    expect(change('completed', { path: '/work/space/a', kind: 'add', diff: '' })).toBe('+ a\n\n');
  });

  it('says that a change was not made', () => {
    const one = { path: '/work/space/a', kind: 'update', diff: '+x\n' } as const;
    expect(change('failed', one)).toBe('~ a\n  +x\n  ✗ failed\n\n');
  });

  it('cuts a long diff, and says how much it left out', () => {
    const text = change('completed', { path: '/work/space/a', kind: 'add', diff: 'x\n'.repeat(250) });
    expect(text.match(/^ {2}\+x$/gm)).toHaveLength(200);
    expect(text).toContain('  … 50 more lines\n');
  });
});
