import { describe, expect, it } from 'vitest';
import { CommandAudit } from '../../src/codex/command-audit.ts';

const call = (id: string, args: string, name = 'exec_command') =>
  ({ type: 'function_call', name, arguments: args, call_id: id }) as never;
const output = (id: string, text: unknown) => ({ type: 'function_call_output', call_id: id, output: text }) as never;

function untold(args: string, text: unknown) {
  const audit = new CommandAudit();
  expect(audit.take(call('c', args), '/repo')).toBeUndefined();
  return audit.take(output('c', text), '/repo');
}

describe('CommandAudit', () => {
  it('gives the item of a command that Codex told nothing of', () => {
    const text = 'Chunk ID: 1\nProcess exited with code 1\nOutput:\ntouch: Permission denied\n';
    expect(untold('{"cmd":"touch /x","workdir":"/repo/sub"}', text)).toEqual({
      kind: 'command',
      id: 'c',
      command: 'touch /x',
      cwd: '/repo/sub',
      status: 'failed',
      exitCode: 1,
      output: 'touch: Permission denied\n',
    });
  });

  it('calls it completed with exit code 0, and declined with none', () => {
    expect(untold('{"cmd":"ls"}', 'Process exited with code 0\nOutput:\n')).toMatchObject({ status: 'completed' });
    const declined = untold('{"cmd":"ls"}', 'rejected by user');
    expect(declined).toMatchObject({ status: 'declined', output: 'rejected by user', cwd: '/repo' });
    expect(declined).not.toHaveProperty('exitCode');
  });

  it('calls one stopped whose turn was interrupted', () => {
    const text = 'Wall time: 0.6 seconds\naborted by user';
    expect(untold('{"cmd":"sleep 9"}', text)).toMatchObject({ status: 'failed', exitCode: -1 });
  });

  it('knows a command whose start was told by somebody else', () => {
    const audit = new CommandAudit();
    audit.began('c', 'echo "a b"', '/repo/sub');
    const declined = audit.take(output('c', 'rejected by user'), '/repo');
    expect(declined).toMatchObject({ command: 'echo "a b"', cwd: '/repo/sub', status: 'declined' });
  });

  it('says nothing of a command that was told', () => {
    const audit = new CommandAudit();
    audit.take(call('c', '{"cmd":"ls"}'), '/repo');
    audit.told('c');
    expect(audit.take(output('c', 'Process exited with code 0'), '/repo')).toBeUndefined();
  });

  it('says nothing of a command that goes on, whatever it has put out so far', () => {
    const running = 'Chunk ID: 1\nProcess running with session ID 7\nOutput:\nProcess exited with code 1\n';
    expect(untold('{"cmd":"sleep 9"}', running)).toBeUndefined();
    const ended = 'Process exited with code 1\nOutput:\nProcess running with session ID 7\n\nOutput:\n';
    expect(untold('{"cmd":"ls"}', ended)).toMatchObject({
      exitCode: 1,
      output: 'Process running with session ID 7\n\nOutput:\n',
    });
  });

  it('knows what it has given', () => {
    const audit = new CommandAudit();
    for (const id of ['given', 'told', 'running']) audit.take(call(id, '{"cmd":"ls"}'), '/repo');
    audit.told('told');
    const ended = 'Process exited with code 1';
    for (const id of ['given', 'told']) audit.take(output(id, ended), '/repo');
    audit.take(output('running', 'Process running with session ID 7'), '/repo');
    expect(['given', 'told', 'running', 'other'].filter((id) => audit.hasGiven(id))).toEqual(['given']);
  });

  it('says it once, and nothing of an output without its call', () => {
    const audit = new CommandAudit();
    expect(audit.take(output('c', 'out'), '/repo')).toBeUndefined();
    audit.take(call('c', '{"cmd":"ls"}'), '/repo');
    expect(audit.take(output('c', 'out'), '/repo')).toBeDefined();
    expect(audit.take(output('c', 'out'), '/repo')).toBeUndefined();
  });

  it('knows a patch', () => {
    const audit = new CommandAudit();
    const patch = { type: 'custom_tool_call', name: 'apply_patch', input: '*** Begin Patch', call_id: 'p' };
    audit.take(patch as never, '/repo');
    expect(audit.take({ type: 'custom_tool_call_output', call_id: 'p', output: 'no' } as never, '/repo')).toEqual({
      kind: 'toolCall',
      id: 'p',
      tool: 'apply_patch',
      arguments: '*** Begin Patch',
      status: 'failed',
      error: 'no',
    });
  });

  it.each([
    ['{"command":["bash","-lc","ls"]}', 'bash -lc ls'],
    ['{"command":"ls"}', 'ls'],
    ['{"cmd":', '{"cmd":'],
    ['null', 'null'],
    ['{}', '{}'],
  ])('reads arguments of every age, and shows what it cannot read: %s', (args, command) => {
    expect(untold(args, 'out')).toMatchObject({ command });
  });

  it('forgets the oldest of calls that never get an output when they are too much together', () => {
    const audit = new CommandAudit();
    const input = JSON.stringify({ cmd: 'x'.repeat(1024 * 1024) });
    for (let number = 0; number < 32; number++) audit.take(call(`c${number}`, input), '/repo');
    expect(audit.take(output('c0', 'out'), '/repo')).toBeUndefined();
    expect(audit.take(output('c1', 'out'), '/repo')).toBeDefined();
    expect(audit.take(output('c31', 'out'), '/repo')).toBeDefined();
  });

  it('leaves other tools, other items and output in parts to themselves', () => {
    const audit = new CommandAudit();
    audit.take(call('c', '{}', 'update_plan'), '/repo');
    expect(audit.take(output('c', 'out'), '/repo')).toBeUndefined();
    expect(audit.take({ type: 'reasoning' } as never, '/repo')).toBeUndefined();
    expect(untold('{"cmd":"ls"}', [{ type: 'input_text', text: 'x' }])).toMatchObject({
      output: '[{"type":"input_text","text":"x"}]',
    });
  });
});
