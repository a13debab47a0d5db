import { describe, expect, it } from 'vitest';
import { toFileChange, toItem, unwrapShell } from '../../src/codex/items.ts';
import { itemSchema } from '../../src/contract/item.ts';

const read = (item: object) => toItem({ id: 'i', ...item } as never);

describe('toItem', () => {
  it.each<[object, object]>([
    [
      { type: 'agentMessage', text: 'a', phase: 'final_answer' },
      { kind: 'agentMessage', phase: 'final_answer' },
    ],
    [
      { type: 'reasoning', summary: ['s'], content: ['c'] },
      { kind: 'reasoning', summary: ['s'], content: ['c'] },
    ],
    [
      { type: 'plan', text: 'p' },
      { kind: 'plan', text: 'p' },
    ],
    [
      { type: 'webSearch', query: 'q' },
      { kind: 'webSearch', query: 'q' },
    ],
    [
      { type: 'imageView', path: '/p' },
      { kind: 'imageView', path: '/p' },
    ],
    [{ type: 'contextCompaction' }, { kind: 'compaction' }],
    [
      { type: 'dynamicToolCall', namespace: 'n', tool: 't', arguments: 1 },
      { kind: 'toolCall', tool: 'n.t' },
    ],
    [
      { type: 'dynamicToolCall', namespace: null, tool: 't', arguments: 1 },
      { kind: 'toolCall', tool: 't' },
    ],
    [
      { type: 'mcpToolCall', server: 's', tool: 't', arguments: {}, status: 'failed', error: { message: 'no' } },
      { kind: 'toolCall', server: 's', status: 'failed', error: 'no' },
    ],
  ])('finds our words for %j', (item, ours) => {
    const read_ = read(item);
    expect(read_).toMatchObject({ id: 'i', ...ours });
    expect(itemSchema.parse(read_)).toEqual(read_);
  });

  it('reads the text and the pictures of a message, and our name for it', () => {
    const content = [
      { type: 'text', text: 'what is ' },
      { type: 'text', text: 'this?' },
      { type: 'localImage', path: '/p.png' },
      { type: 'image', url: `data:image/png;base64,${'A'.repeat(1_000_000)}` },
      { type: 'image', fileId: 'f' },
    ];
    const item = read({ type: 'userMessage', clientId: 'mine', content });
    expect(item).toMatchObject({ kind: 'userMessage', text: 'what is this?', messageId: 'mine' });
    expect(item).toHaveProperty('images', ['/p.png', expect.stringMatching(/^data:.{195}$/)]);
  });

  it.each(['userMessage', 'agentMessage', 'reasoning', 'commandExecution', 'fileChange', 'webSearch', 'plan'])(
    'gives a neutral value to what another version leaves out of a %s',
    (type) => {
      const item = read({ type });
      expect(item.kind).not.toBe('other');
      expect(itemSchema.safeParse(item).success).toBe(true);
    },
  );

  it('keeps what it has no words for as it came', () => {
    const item = { type: 'aNewKindOfItem', id: 'i', with: ['fields'] };
    expect(read(item)).toEqual({ kind: 'other', id: 'i', type: 'aNewKindOfItem', raw: item });
  });

  it.each(['completed', 'failed', 'declined'])('knows a command that is %s', (status) => {
    expect(read({ type: 'commandExecution', status, exitCode: 0 })).toMatchObject({ status, exitCode: 0 });
  });

  it.each(['inProgress', 'anUnheardOfStatus', undefined])('counts a command as running that is %s', (status) => {
    expect(read({ type: 'commandExecution', status, exitCode: null })).not.toHaveProperty('exitCode');
    expect(read({ type: 'commandExecution', status })).toMatchObject({ status: 'running' });
  });
});

describe('toFileChange', () => {
  it.each([
    [{ type: 'add' }, { kind: 'add' }],
    [{ type: 'delete' }, { kind: 'delete' }],
    [{ type: 'update', move_path: null }, { kind: 'update' }],
    [
      { type: 'update', move_path: '/b' },
      { kind: 'move', movedTo: '/b' },
    ],
  ])('reads %j', (kind, ours) => {
    expect(toFileChange({ path: '/a', kind: kind as never, diff: 'd' })).toEqual({ path: '/a', diff: 'd', ...ours });
  });
});

describe('unwrapShell', () => {
  it.each([
    ["/bin/bash -lc 'make all'", 'make all'],
    ["bash -c 'a\nb'", 'a\nb'],
    ['/usr/bin/zsh -lc "echo \\"hi\\" \\$HOME"', 'echo "hi" $HOME'],
    ['sh -c ls', 'ls'],
    [`bash -c 'printf "'"\\n$x"'"; echo it'"'"'s'`, 'printf "\\n$x"; echo it\'s'],
  ])('shows what the model wrote: %j', (command, script) => {
    expect(unwrapShell(command)).toBe(script);
  });

  it.each(["bash -lc 'it'\\''s'", 'python -c "1"', 'bash -lc ls -l', 'bash -lc', 'make', ''])(
    'leaves anything else as it is: %j',
    (command) => expect(unwrapShell(command)).toBe(command),
  );

  it('is done at once with a giant command', () => {
    const giant = `bash -lc "${'\\'.repeat(1_000_001)}`;
    expect(unwrapShell(giant)).toBe(giant);
  });
});
