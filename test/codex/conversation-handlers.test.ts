import { describe, expect, it } from 'vitest';
import { settled, startMemoryCodex } from '../support/memory-codex.ts';

const APPROVAL = 'item/commandExecution/requestApproval';
const QUESTION = 'item/tool/requestUserInput';
const command = { command: 'ls', cwd: '/repo' };
const question = { questions: [{ id: 'q', header: 'h', question: 'Which?', options: null }] };
const noActiveTurn = { error: { code: -32600, message: 'no active turn to steer' } };

describe('what a handler gives back', () => {
  it('removes a handler of events and of messages, and no other', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const told: string[] = [];
    const removals = [
      conversation.onEvent(() => told.push('removed event')),
      conversation.onMessage(() => told.push('removed message')),
    ];
    conversation.onMessage(() => told.push('message'));
    for (const remove of removals) remove();
    for (const remove of removals) remove();
    const turn = await conversation.send('go');
    await codex.end(turn.id);
    expect(told).toEqual(['message']);
  });

  it('removes a permission handler only while it is the current one; approvals then wait for the next', async () => {
    const { codex, conversation } = await startMemoryCodex({ conversation: { permissionGate: true } });
    const removeFirst = conversation.onPermissionRequest(() => ({ behavior: 'deny' }));
    const removeSecond = conversation.onPermissionRequest(() => ({ behavior: 'allow' }));
    removeFirst();
    await codex.ask(1, APPROVAL, command);
    expect(codex.replies(1)).toEqual([{ decision: 'accept' }]);
    removeSecond();
    await codex.ask(2, APPROVAL, { ...command, itemId: 'item-2' });
    expect(codex.replies(2)).toEqual([]);
    conversation.onPermissionRequest(() => ({ behavior: 'deny' }));
    await settled();
    expect(codex.replies(2)).toEqual([{ decision: 'decline' }]);
  });

  it('removes a handler of questions, which are refused from then on, and told', async () => {
    const { codex, conversation, events } = await startMemoryCodex();
    const remove = conversation.onRequest('question', async () => ({ kind: 'answers', answers: { q: ['a'] } }));
    await codex.ask('text-id', QUESTION, question);
    expect(codex.replies('text-id')).toEqual([{ answers: { q: { answers: ['a'] } } }]);
    remove();
    await codex.ask(2, QUESTION, { ...question, itemId: 'item-2' });
    expect(codex.replies(2)).toEqual([expect.stringContaining('nobody here answers')]);
    expect(events).toContainEqual({ type: 'x-optio-unanswered', method: QUESTION, id: 2 });
  });
});

describe('a steered message', () => {
  it('goes into the running turn, with the id of it', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const running = await conversation.send('go');
    await codex.begin(running.id);
    await expect(conversation.send('also', { steer: true })).resolves.toMatchObject({ id: running.id });
    expect(codex.calls('turn/steer')).toMatchObject([{ expectedTurnId: running.id, input: [{ text: 'also' }] }]);
    expect(codex.calls('turn/start')).toHaveLength(1);
  });

  it('starts a turn when Codex says that the running one is over, although its end was not told yet', async () => {
    const { codex, conversation } = await startMemoryCodex({ answers: { 'turn/steer': () => noActiveTurn } });
    const running = await conversation.send('go');
    await codex.begin(running.id);
    const steered = conversation.send('also', { steer: true });
    await settled();
    expect(codex.calls('turn/start')).toHaveLength(1);
    await codex.end(running.id);
    await expect(steered).resolves.toMatchObject({ id: 'turn-2' });
    expect(codex.calls('turn/start')).toMatchObject([{}, { input: [{ text: 'also' }] }]);
  });

  it('rejects with the words of Codex when it is refused for another reason', async () => {
    const refusal = { error: { code: -32600, message: 'input must not be empty' } };
    const { codex, conversation } = await startMemoryCodex({ answers: { 'turn/steer': () => refusal } });
    const running = await conversation.send('go');
    await codex.begin(running.id);
    await expect(conversation.send('', { steer: true })).rejects.toMatchObject({
      code: 'turn-rejected',
      message: 'Codex did not take the message: input must not be empty',
    });
    expect(conversation.currentTurnId).toBe(running.id);
  });
});
