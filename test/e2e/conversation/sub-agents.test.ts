import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { callTool, escalate, type ModelRequest, pause, type Step, say } from '../../../src/testing/index.ts';
import { joinConversation, NEWEST, startConversation } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { startBehindProxy } from '../../support/socket-proxy.ts';

const CHILD = 'the task of the child';

/** A model that has a child do its steps, and goes on with its own when the child is there, or has ended. */
function family(child: (request: ModelRequest) => readonly Step[], own: readonly Step[], options = { waits: true }) {
  return (request: ModelRequest): readonly Step[] => {
    if (request.userText === CHILD) return child(request);
    if (request.userText !== 'go') return [say(`re: ${request.userText}`)];
    if (request.outputs.length === 0) return [callTool('spawn_agent', { message: CHILD }, 'multi_agent_v1')];
    const [{ agent_id: id }] = [JSON.parse(request.outputs[0] ?? '{}') as { agent_id: string }];
    if (options.waits && request.outputs.length === 1)
      return [callTool('wait_agent', { targets: [id] }, 'multi_agent_v1')];
    return own;
  };
}

const saysSo = () => [say('the child speaks')];
const asksFirst = ({ outputs }: ModelRequest) =>
  outputs.length === 0 ? [escalate('echo ran >> count')] : [say('the child is done')];

describe(`sub-agents with codex ${NEWEST.version}`, () => {
  it('say nothing in our turn, and their turns are nobody’s message', async () => {
    const { conversation, events } = await startConversation({ script: family(saysSo, [say('ours')]) });
    const told: string[] = [];
    conversation.onMessage((text) => told.push(text));
    const turn = await conversation.send('go');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'ours', messages: ['ours'] });
    expect(told).toEqual(['ours']);
    const fromChild = ({ threadId, delta }: { threadId: string; delta: string }) =>
      threadId !== conversation.threadId && delta.includes('the child');
    expect(events.some(notification('item/agentMessage/delta', fromChild)), 'the child was heard').toBe(true);
  });

  it('ask whoever decides for us, under their own thread', async () => {
    const { conversation, workspace } = await startConversation({
      script: family(asksFirst, [say('ours')]),
      conversation: { permissionGate: true },
    });
    const asked: string[] = [];
    conversation.onPermissionRequest(({ toolName, input }) => {
      asked.push(toolName);
      expect((input as { threadId: string }).threadId).not.toBe(conversation.threadId);
      return { behavior: 'allow' };
    });
    const turn = await conversation.send('go');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'ours' });
    expect(asked).toEqual(['echo ran >> count']);
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('ran\n');
  });

  it('do not end our turn with theirs', async () => {
    const gate = Promise.withResolvers<void>();
    const { conversation, event } = await startConversation({
      script: family(saysSo, [pause(gate.promise), say('ours')]),
    });
    const turn = await conversation.send('go');
    await event(
      notification('turn/completed', ({ threadId }: { threadId: string }) => threadId !== conversation.threadId),
    );
    expect([conversation.currentTurnId, conversation.isPending()]).toEqual([turn.id, true]);
    gate.resolve();
    await expect(turn.completed).resolves.toMatchObject({ text: 'ours' });
  });

  it('do not keep our turn from its end', async () => {
    const gate = Promise.withResolvers<void>();
    const { conversation, event } = await startConversation({
      script: family(() => [pause(gate.promise), say('late')], [say('ours')], { waits: false }),
    });
    const turn = await conversation.send('go');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'ours' });
    expect([conversation.currentTurnId, conversation.isPending()]).toEqual([null, false]);
    await expect((await conversation.send('next')).completed).resolves.toMatchObject({ text: 're: next' });
    gate.resolve();
    await event(
      notification('turn/completed', ({ threadId }: { threadId: string }) => threadId !== conversation.threadId),
    );
  });

  it('can still be answered when our turn was interrupted', async () => {
    const { conversation, event, workspace } = await startConversation({
      script: family(asksFirst, [say('never')]),
      conversation: { permissionGate: true },
    });
    const asked = Promise.withResolvers<AbortSignal>();
    const answer = Promise.withResolvers<{ behavior: 'allow' }>();
    conversation.onPermissionRequest(({ signal }) => {
      asked.resolve(signal);
      return answer.promise;
    });
    const turn = await conversation.send('go');
    const signal = await asked.promise;
    await conversation.interrupt();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
    expect(signal.aborted).toBe(false);
    answer.resolve({ behavior: 'allow' });
    await event(
      notification('turn/completed', ({ threadId }: { threadId: string }) => threadId !== conversation.threadId),
    );
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('ran\n');
  });

  it('ask a second client that joins later, too', async () => {
    const started = await startConversation({
      over: 'socket',
      script: family(asksFirst, [say('ours')]),
      conversation: { permissionGate: true },
    });
    const { conversation, workspace } = started;
    const asked = Promise.withResolvers<AbortSignal>();
    conversation.onPermissionRequest(({ signal }) => {
      asked.resolve(signal);
      return new Promise(() => {});
    });
    const turn = await conversation.send('go');
    const signal = await asked.promise;
    const joined = await joinConversation(started, { permissionGate: true });
    joined.conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'ours' });
    expect(signal.aborted).toBe(true);
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('ran\n');
  });

  it('go on asking after a lost connection', async () => {
    const twice = ({ outputs }: ModelRequest) =>
      outputs.length < 2 ? [escalate(`echo ${outputs.length} >> count`)] : [say('the child is done')];
    const { conversation, proxy, event, workspace } = await startBehindProxy({
      script: family(twice, [say('ours')]),
      conversation: { permissionGate: true },
    });
    const asked: string[] = [];
    const first = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<{ behavior: 'allow' }>();
    conversation.onPermissionRequest(({ toolName }) => {
      asked.push(toolName);
      first.resolve();
      return answer.promise;
    });
    const turn = await conversation.send('go');
    await first.promise;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    answer.resolve({ behavior: 'allow' });
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'ours' });
    expect(asked).toEqual(['echo 0 >> count', 'echo 1 >> count']);
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('0\n1\n');
  });
});
