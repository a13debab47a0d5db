import { describe, expect, it } from 'vitest';
import { type PermissionDecision, toAnswer, toPermissionRequest } from '../../src/codex/permission.ts';
import type { Request } from '../../src/contract/request.ts';
import { answerSchema } from '../../src/contract/request.ts';

const base = { id: 'r', threadId: 't', turnId: 'turn', itemId: 'i' };
const { signal } = new AbortController();
const wire = { params: { from: 'the wire' } };
const show = (request: Request) => toPermissionRequest(request, wire, signal);

describe('toPermissionRequest', () => {
  it('names a command by itself, and carries the request as it came', () => {
    const request: Request = { kind: 'command', ...base, sandboxed: 'no', command: 'make', cwd: '/w' };
    expect(show(request)).toEqual({
      kind: 'command',
      toolName: 'make',
      input: wire.params,
      sandboxed: 'no',
      raw: wire,
      signal,
    });
  });

  it('shows the changes of a file change', () => {
    const changes = [{ path: '/w/a', kind: 'add' as const, diff: 'a' }];
    const shown = show({ kind: 'fileChange', ...base, sandboxed: 'yes', changes });
    expect(shown).toMatchObject({ toolName: 'file change', sandboxed: 'yes', changes });
  });

  it('names a tool by its server, and permissions by what they are', () => {
    const tool: Request = { kind: 'mcpTool', ...base, sandboxed: 'no', server: 's', message: 'm', arguments: {} };
    expect(show(tool).toolName).toBe('s');
    expect(show({ kind: 'permissions', ...base, sandboxed: 'no', permissions: {} }).toolName).toBe('permissions');
  });

  it('refuses what is no approval', () => {
    expect(() => show({ kind: 'question', ...base, questions: [] })).toThrow(TypeError);
  });
});

describe('toAnswer', () => {
  const deny = { kind: 'decision', behavior: 'deny' };

  it.each([undefined, null, {}, { behavior: 'Allow' }, { behavior: true }, 'allow', 1])(
    'takes anything but a clear "allow" for a no: %j',
    (decision) => expect(toAnswer(decision as unknown as PermissionDecision)).toEqual(deny),
  );

  it('keeps the scope of an allow, and the message for the record', () => {
    expect(toAnswer({ behavior: 'allow', forSession: true, message: 'fine' })).toEqual({
      kind: 'decision',
      behavior: 'allow',
      forSession: true,
      message: 'fine',
    });
  });

  it('keeps the interrupt of a deny', () => {
    expect(toAnswer({ behavior: 'deny', interrupt: true })).toEqual({ ...deny, interrupt: true });
  });

  it('leaves out what belongs to the other answer', () => {
    expect(toAnswer({ behavior: 'deny', forSession: true })).toEqual(deny);
    expect(toAnswer({ behavior: 'allow', interrupt: true })).toEqual({ kind: 'decision', behavior: 'allow' });
  });

  it('keeps an updated input for the record, although it has no place on the wire', () => {
    const answer = toAnswer({ behavior: 'allow', updatedInput: { command: 'other' } });
    expect(answer).toEqual({ kind: 'decision', behavior: 'allow', updatedInput: { command: 'other' } });
    expect(answerSchema.parse(answer)).toEqual(answer);
  });
});
