import { describe, expect, it } from 'vitest';
import { styleFor } from '../../../src/cli/terminal/style.ts';
import { Renderer } from '../../../src/cli/watching/renderer.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import type { Item } from '../../../src/contract/item.ts';
import { NO_USAGE } from '../../../src/contract/usage.ts';
import { numbered } from '../../support/run-events.ts';
import { watchScreen } from '../../support/screen.ts';

type Command = Extract<Item, { kind: 'command' }>;

const turn = { turnId: 't1' };
const running: Command = { kind: 'command', id: 'c1', command: 'ls', cwd: '/repo', status: 'running', output: '' };

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

describe('CommandView', () => {
  it('shows the command, its output by whole lines, and that it went well', () => {
    expect(run(['a', '.txt\nb', '.txt\n'], { exitCode: 0, durationMs: 1200 })).toBe(
      '$ ls\n  │ a.txt\n  │ b.txt\n  ✓ exit code 0 · 1.2 s\n\n',
    );
  });

  it('indents the further lines of a command, which could pass for something else', () => {
    const item: Item = { ...running, command: 'cat <<E\n✓ done\nE' };
    expect(shown({ type: 'item.started', ...turn, item })).toBe('$ cat <<E\n  ✓ done\n  E\n');
  });

  it('shows a last line that has no end', () => {
    expect(run(['a\nb'], { exitCode: 0 })).toBe('$ ls\n  │ a\n  │ b\n  ✓ exit code 0\n\n');
  });

  it.each([
    ['whole', ['10%\r50%\r100%\nok\r\n'], '  │ 100%\n  │ ok\n'],
    ['in pieces', ['10%', '\r', '50%\r', '100%\r', '\n', 'ok\n'], '  │ 100%\n  │ ok\n'],
    ['without an end', ['10%\r50%'], '  │ 50%\n'],
    ['for longer than any line', [...Array(3000).fill('\rone of many'), '\rlast\n'], '  │ last\n'],
  ])('shows of a line that is written over what is left in the end: %s', (_, pieces, lines) => {
    expect(run(pieces, { exitCode: 0 })).toBe(`$ ls\n${lines}  ✓ exit code 0\n\n`);
    expect(run([], { output: pieces.join(''), exitCode: 0 })).toBe(`$ ls\n${lines}  ✓ exit code 0\n\n`);
  });

  it('shows the output of a command that came whole', () => {
    expect(run([], { output: 'a\nb\n', exitCode: 0 })).toBe('$ ls\n  │ a\n  │ b\n  ✓ exit code 0\n\n');
  });

  it.each([
    ['the beginning', ['b\n'], 'a\nb\n'],
    ['a piece in the middle', ['1\n', '3\n'], '1\na\n3\n'],
    ['the end', ['b\n'], 'b\na\n'],
  ])('shows in the end %s of an output, of which Codex has told nothing before', (_, pieces, output) => {
    const text = pieces.map((piece) => `  │ ${piece}`).join('');
    const told = '  │ (and this, of which Codex told nothing while the command ran:)\n  │ a\n';
    expect(run(pieces, { output, exitCode: 0 })).toBe(`$ ls\n${text}${told}  ✓ exit code 0\n\n`);
  });

  it.each([
    ['its first line', 'tick 2\ntick 3\n', 'tick 1'],
    ['a line in the middle', 'tick 1\ntick 3\n', 'tick 2'],
    ['its last line', 'tick 1\ntick 2\n', 'tick 3'],
  ])('shows %s whole, also where all lines begin alike', (_, told, line) => {
    expect(run([told], { output: 'tick 1\ntick 2\ntick 3\n', exitCode: 0 })).toContain(`ran:)\n  │ ${line}\n  ✓`);
  });

  it('shows all of an output again of which several pieces were not told', () => {
    const whole = 'k1\nk2\nk3\nk4\n';
    const told = '  │ (not all of that was told while the command ran; the whole of it:)\n';
    const again = '  │ k1\n  │ k2\n  │ k3\n  │ k4\n';
    expect(run(['k2\n', 'k3\n'], { output: whole, exitCode: 0 })).toContain(told + again);
  });

  it('says nothing of an output that Codex has shortened in the end', () => {
    const output = 'a\n…1234 tokens truncated…\nd\n';
    for (const told of ['a\nb\nc\nd\n', 'a\nb\nd\n'])
      expect(run([told], { output, exitCode: 0 })).not.toContain('while the command ran');
  });

  it.each<[Partial<Command>, string]>([
    [{ exitCode: 2, durationMs: 500 }, '✗ exit code 2 · 0.5 s'],
    [{ exitCode: -1, durationMs: 500 }, '✗ stopped · 0.5 s'],
    [{ status: 'declined' }, '✗ declined'],
    [{ status: 'failed' }, '✗ no exit code'],
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

  it('shows a command whose beginning was never told', () => {
    const item: Command = { ...running, status: 'completed', output: 'a\n', exitCode: 0 };
    expect(shown({ type: 'item.completed', ...turn, item })).toBe('$ ls\n  │ a\n  ✓ exit code 0\n\n');
  });

  it('keeps what is said meanwhile apart from a command that runs on, and tells that it never came to its end', () => {
    const message: Item = { kind: 'agentMessage', id: 'm1', text: 'over' };
    const outcome = { status: 'done', text: '', durationMs: 0, usage: NO_USAGE, turns: 1 } as const;
    const text = shown(
      { type: 'item.started', ...turn, item: running },
      { type: 'item.started', ...turn, item: { ...message, text: '' } },
      { type: 'item.completed', ...turn, item: message },
      { type: 'run.ended', outcome },
    );
    expect(text).toBe('$ ls\n\nover\n\n  ■ not finished: stopped with the run\n\n');
  });

  it('keeps the outputs of two commands apart', () => {
    const delta = (itemId: string, text: string) => {
      return { type: 'item.delta', ...turn, itemId, part: 'output', delta: text } as const;
    };
    expect(shown(delta('c1', 'on'), delta('c2', 'two\n'), delta('c1', 'e\n'))).toBe('  │ two\n  │ one\n');
  });
});
