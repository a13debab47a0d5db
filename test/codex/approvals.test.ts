import { describe, expect, it } from 'vitest';
import { type RequestContext, toReply, toRequest } from '../../src/codex/approvals.ts';
import type { FileChange } from '../../src/contract/item.ts';
import type { Answer, Request } from '../../src/contract/request.ts';

const change = (path: string, movedTo?: string): FileChange => {
  return { path, kind: movedTo ? 'move' : 'update', diff: '', ...(movedTo && { movedTo }) };
};
const context = (more: Partial<RequestContext> = {}): RequestContext => {
  return { cwd: '/repo', profile: 'locked', approvalPolicy: 'untrusted', changesOf: () => [], ...more };
};
const at = { threadId: 't', turnId: 'turn', itemId: 'i' };
const read = (method: string, params: object, more: Partial<RequestContext> = {}) =>
  toRequest({ id: 0, method, params: { ...at, ...params } }, context(more));

describe('a request about a command', () => {
  const ask = (params: object, more?: Partial<RequestContext>) =>
    read('item/commandExecution/requestApproval', params, more);

  it('shows what the model wrote, where, and why', () => {
    const request = ask({ command: "/bin/bash -lc 'make all'", cwd: '/repo/sub', reason: 'to build' });
    expect(request).toEqual({
      kind: 'command',
      id: expect.any(String),
      ...at,
      reason: 'to build',
      sandboxed: 'no',
      command: 'make all',
      cwd: '/repo/sub',
      workspace: '/repo',
    });
  });

  it('does without what Codex may leave out', () => {
    expect(ask({ command: null, cwd: null })).toMatchObject({ command: '', cwd: '/repo' });
  });

  it.each([
    ['unknown', {}, {}],
    ['no', { reason: 'needs the network' }, {}],
    ['no', { additionalPermissions: { network: { enabled: true } } }, {}],
    ['no', {}, { approvalPolicy: 'on-request' }],
  ] as const)('calls it sandboxed: %s, with %j under %j', (sandboxed, params, more) => {
    expect(ask({ command: 'ls', ...params }, more)).toMatchObject({ sandboxed });
  });

  it.each([
    ['network', { networkApprovalContext: { host: 'example.org', protocol: 'https' } }],
    ['permissions', { additionalPermissions: { network: { enabled: true } } }],
    ['input', { kind: 'writeStdin' }],
    ['other', { kind: 'invented' }],
    [undefined, { kind: 'command' }],
    [undefined, {}],
  ])('tells when it is about more than running it: %s, for %j', (beyond, params) => {
    expect(ask({ command: 'ls', ...params })).toMatchObject(beyond ? { beyond } : { command: 'ls' });
    expect('beyond' in (ask({ command: 'ls', ...params }) ?? {})).toBe(beyond !== undefined);
  });
});

describe('a request about a file change', () => {
  const ask = (changes: FileChange[], params: object = {}, more: Partial<RequestContext> = {}) =>
    read('item/fileChange/requestApproval', params, { changesOf: () => changes, ...more });

  it.each<[string, FileChange[], object, Partial<RequestContext>]>([
    ['yes', [change('/repo/a')], {}, {}],
    ['yes', [change('a'), change('/repo/..a')], {}, {}],
    ['unknown', [change('/repo/a')], {}, { profile: null }],
    ['unknown', [], {}, {}],
    ['no', [change('/repo/a')], { grantRoot: '/' }, {}],
    ['no', [change('/repo/a'), change('/etc/passwd')], {}, {}],
    ['no', [change('/repo/../workshop/a')], {}, {}],
    ['no', [change('/repo/a', '/home/a')], {}, {}],
    ['no', [change('../a')], {}, {}],
  ])('is sandboxed: %s, for %j with %j and %j', (sandboxed, changes, params, more) => {
    expect(ask(changes, params, more)).toMatchObject({ kind: 'fileChange', sandboxed, changes, cwd: '/repo' });
  });
});

describe('the other requests', () => {
  it('tells an MCP server’s tool from its question', () => {
    const asked = { serverName: 's', mode: 'form', message: 'May I?', requestedSchema: { type: 'object' } };
    const meta = { codex_approval_kind: 'mcp_tool_call', tool_name: 'echo', tool_params: { a: 1 } };
    expect(read('mcpServer/elicitation/request', { ...asked, _meta: meta })).toMatchObject({
      kind: 'mcpTool',
      server: 's',
      tool: 'echo',
      itemId: null,
      sandboxed: 'no',
      arguments: { a: 1 },
    });
    const question = read('mcpServer/elicitation/request', { ...asked, _meta: null });
    expect(question).toMatchObject({ kind: 'elicitation', message: 'May I?', schema: { type: 'object' } });
  });

  it('never calls permissions that are asked for sandboxed', () => {
    const permissions = { network: { enabled: true } };
    expect(read('item/permissions/requestApproval', { permissions })).toMatchObject({ sandboxed: 'no', permissions });
  });

  it('are none of a person’s when their method is unknown', () => {
    expect(read('item/invented/requestApproval', {})).toBeUndefined();
    expect(read('__proto__', {})).toBeUndefined();
  });
});

describe('toReply', () => {
  const base = { id: 'r', ...at };
  const command: Request = { kind: 'command', ...base, sandboxed: 'no', command: 'ls', cwd: '/' };
  const asked = { network: { enabled: true } };
  const permissions: Request = { kind: 'permissions', ...base, sandboxed: 'no', permissions: asked };
  const tool: Request = { kind: 'mcpTool', ...base, sandboxed: 'no', server: 's', message: '', arguments: {} };
  const question: Request = { kind: 'question', ...base, questions: [] };
  const form: Request = { kind: 'elicitation', ...base, server: 's', message: '' };
  const allow: Answer = { kind: 'decision', behavior: 'allow' };
  const deny: Answer = { kind: 'decision', behavior: 'deny' };

  it.each<[Request, Answer, unknown]>([
    [command, allow, { decision: 'accept' }],
    [command, { ...allow, forSession: true }, { decision: 'acceptForSession' }],
    [command, deny, { decision: 'decline' }],
    [command, { ...deny, interrupt: true }, { decision: 'cancel' }],
    [permissions, allow, { permissions: asked, scope: 'turn' }],
    [permissions, { ...allow, forSession: true }, { permissions: asked, scope: 'session' }],
    [permissions, { ...deny, forSession: true }, { permissions: {}, scope: 'turn' }],
    [tool, allow, { action: 'accept', content: {}, _meta: null }],
    [tool, { ...allow, forSession: true }, { action: 'accept', content: {}, _meta: { persist: 'session' } }],
    [tool, deny, { action: 'decline', content: null, _meta: null }],
    [tool, { ...deny, interrupt: true }, { action: 'cancel', content: null, _meta: null }],
    [question, { kind: 'answers', answers: { q: ['Yes'] } }, { answers: { q: { answers: ['Yes'] } } }],
    [form, { kind: 'form', action: 'accept', content: { a: 1 } }, { action: 'accept', content: { a: 1 }, _meta: null }],
  ])('says it as Codex wants it: %j, %j', (request, answer, reply) => {
    expect(toReply(request, answer)).toEqual(reply);
  });

  it.each([
    [command, { decision: 'decline' }],
    [permissions, { permissions: {}, scope: 'turn' }],
    [tool, { action: 'decline', content: null, _meta: null }],
  ])('says no to %j for an answer of another kind', (request, reply) => {
    expect(toReply(request, { kind: 'answers', answers: { allow: ['allow'] } })).toEqual(reply);
  });

  it('answers no question and accepts no form with a decision', () => {
    expect(toReply(question, allow)).toEqual({ answers: {} });
    expect(toReply(form, allow)).toEqual({ action: 'decline', content: null, _meta: null });
  });
});
