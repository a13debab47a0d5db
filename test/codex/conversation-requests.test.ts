import { describe, expect, it } from 'vitest';
import { attachMemoryCodex, settled, startMemoryCodex } from '../support/memory-codex.ts';

const COMMAND = 'item/commandExecution/requestApproval';
const PERMISSIONS = 'item/permissions/requestApproval';
const gate = { conversation: { permissionGate: true } } as const;

/** A conversation with a gate and a turn that runs. */
async function startTurn() {
  const started = await startMemoryCodex(gate);
  const turn = await started.conversation.send('go');
  await started.codex.begin(turn.id);
  return { ...started, turn };
}

describe('the requests of a conversation', () => {
  it('for a program are answered in the words of the protocol, until the handler is removed', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const asked: unknown[] = [];
    const remove = conversation.onRequest('toolCall', (params) => {
      asked.push(params.tool);
      return { contentItems: [{ type: 'inputText', text: 'done' }], success: true };
    });
    conversation.onRequest('authTokens', async () => ({
      accessToken: 'a',
      chatgptAccountId: 'b',
      chatgptPlanType: null,
    }));
    conversation.onRequest('currentTime', () => ({ currentTimeAt: 7 }));
    conversation.onRequest('attestation', () => ({ token: 'signed' }));
    await codex.ask(0, 'item/tool/call', { tool: 'look' });
    await codex.ask('one', 'account/chatgptAuthTokens/refresh', {});
    await codex.ask(2, 'currentTime/read', {});
    await codex.ask(3, 'attestation/generate', {});
    expect(asked).toEqual(['look']);
    expect([0, 'one', 2, 3].map((id) => codex.replies(id))).toEqual([
      [{ contentItems: [{ type: 'inputText', text: 'done' }], success: true }],
      [{ accessToken: 'a', chatgptAccountId: 'b', chatgptPlanType: null }],
      [{ currentTimeAt: 7 }],
      [{ token: 'signed' }],
    ]);
    remove();
    await codex.ask(4, 'item/tool/call', { tool: 'look' });
    expect(codex.replies(4)).toEqual(['nobody here answers "item/tool/call"']);
  });

  it('whose answer cannot be written is refused, so that Codex does not wait for ever', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    conversation.onRequest('toolCall', () => circular as never);
    await codex.ask(0, 'item/tool/call', {});
    expect(codex.replies(0)).toEqual([expect.stringContaining('cannot be sent')]);
    expect(conversation.closed).toBe(false);
  });

  it('that came before the thread was there wait for their handler', async () => {
    const { codex, conversation } = attachMemoryCodex(gate);
    await codex.ask(0, COMMAND, { command: 'ls' });
    await conversation.bootstrap();
    const asked: string[] = [];
    conversation.onPermissionRequest(({ toolName }) => {
      asked.push(toolName);
      return { behavior: 'allow', updatedInput: { command: 'rm' }, message: 'fine' };
    });
    await settled();
    expect(asked).toEqual(['ls']);
    expect(codex.replies(0)).toEqual([{ decision: 'accept' }]);
  });

  it('are told in the order of the wire, as they came, before they are answered', async () => {
    const { codex, conversation, events } = await startMemoryCodex(gate);
    conversation.onPermissionRequest(() => ({ behavior: 'deny' }));
    const from = events.length;
    await codex.say({ method: 'warning', params: { message: 'one' }, emittedAtMs: 5 });
    await codex.say({ id: 7, method: COMMAND, params: { threadId: 't', turnId: 't', itemId: 'i', unheardOf: [1] } });
    await codex.say({ id: 99, result: 'for nobody' });
    expect(events.slice(from)).toEqual([
      { method: 'warning', params: { message: 'one' }, emittedAtMs: 5 },
      { id: 7, method: COMMAND, params: { threadId: 't', turnId: 't', itemId: 'i', unheardOf: [1] } },
      { id: 99, result: 'for nobody' },
    ]);
  });
});

describe('a denial that interrupts', () => {
  it('says so in the answer where Codex has a word for it', async () => {
    const { codex, conversation } = await startTurn();
    conversation.onPermissionRequest(() => ({ behavior: 'deny', interrupt: true }));
    await codex.ask(0, COMMAND, { command: 'ls' });
    expect(codex.replies(0)).toEqual([{ decision: 'cancel' }]);
    expect(codex.calls('turn/interrupt')).toEqual([]);
  });

  it('interrupts the turn where it has none', async () => {
    const { codex, conversation, turn } = await startTurn();
    conversation.onPermissionRequest(() => ({ behavior: 'deny', interrupt: true }));
    await codex.ask(0, PERMISSIONS, { permissions: { network: { enabled: true } } });
    expect(codex.replies(0)).toEqual([{ permissions: {}, scope: 'turn' }]);
    expect(codex.calls('turn/interrupt')).toMatchObject([{ turnId: turn.id }]);
  });

  it('stops the commands that the turn leaves running, whoever denied', async () => {
    const { codex, conversation, turn } = await startTurn();
    conversation.onRequest('approval', async () => ({ kind: 'decision', behavior: 'deny', interrupt: true }));
    await codex.start(turn.id, { type: 'commandExecution', id: 'c' });
    await codex.ask(0, COMMAND, { command: 'ls' });
    await codex.end(turn.id, { status: 'interrupted' });
    expect(codex.calls('thread/archive')).toHaveLength(1);
  });

  it('means nothing beside an "allow"', async () => {
    const { codex, conversation, turn } = await startTurn();
    conversation.onPermissionRequest(() => ({ behavior: 'allow', interrupt: true }));
    await codex.start(turn.id, { type: 'commandExecution', id: 'c' });
    await codex.ask(0, COMMAND, { command: 'ls' });
    await codex.end(turn.id);
    expect(codex.replies(0)).toEqual([{ decision: 'accept' }]);
    expect(codex.calls('thread/archive')).toEqual([]);
  });
});
