import { describe, expect, it } from 'vitest';
import { failureOf } from '../support/failure.ts';
import { type MemoryOptions, settled, startMemoryCodex } from '../support/memory-codex.ts';

/** Keeps what `onMessage` tells. */
async function start(options: MemoryOptions = {}) {
  const started = await startMemoryCodex(options);
  const told: unknown[] = [];
  started.conversation.onMessage((text, { turnId, status, ours }) => told.push([turnId, status, text, ours]));
  return { ...started, told };
}

const taken = (clientId: string) => ({ type: 'userMessage', id: `item of ${clientId}`, clientId, content: [] });
const said = (text: string) => ({ type: 'agentMessage', id: 'm', text, phase: null });
const unanswered = { 'turn/start': () => undefined };

describe('Turns', () => {
  it('sends the second message only when the turn of the first has ended', async () => {
    const { codex, conversation } = await start();
    const first = await conversation.send('one');
    const second = conversation.send('two');
    await settled();
    expect(codex.calls('turn/start')).toHaveLength(1);
    await codex.end(first.id);
    expect((await second).id).toBe('turn-2');
    expect(codex.calls('turn/start')).toMatchObject([
      { input: [{ type: 'text', text: 'one' }] },
      { input: [{ type: 'text', text: 'two' }] },
    ]);
  });

  it('tells turns that somebody else started as not ours, and does not count them as pending', async () => {
    const { codex, conversation, told } = await start();
    await codex.begin('foreign');
    expect([conversation.currentTurnId, conversation.isPending()]).toEqual(['foreign', false]);
    await codex.complete('foreign', said('hello'));
    await codex.end('foreign');
    expect(told).toEqual([['foreign', 'completed', 'hello', false]]);
    expect(conversation.currentTurnId).toBeNull();
  });

  it('waits with a message until the turn of somebody else has ended', async () => {
    const { codex, conversation } = await start();
    await codex.begin('foreign');
    const sent = conversation.send('mine');
    await settled();
    expect(codex.calls('turn/start')).toEqual([]);
    await codex.end('foreign');
    expect((await sent).id).toBe('turn-1');
  });

  it('tells the end of a turn once, although Codex tells it twice', async () => {
    const { codex, conversation, told } = await start();
    const turn = await conversation.send('go');
    for (let time = 0; time < 2; time++) await codex.end(turn.id);
    expect(told).toEqual([['turn-1', 'completed', '', true]]);
  });

  it('is not kept waiting by the start of a turn that has ended already', async () => {
    const { codex, conversation } = await start();
    const turn = await conversation.send('go');
    await codex.end(turn.id);
    await codex.begin(turn.id);
    expect(conversation.currentTurnId).toBeNull();
    expect((await conversation.send('again')).id).toBe('turn-2');
  });

  it('knows its own turn whose end is told before its start was answered, also twice', async () => {
    const answer = Promise.withResolvers<void>();
    const { codex, conversation, told } = await start({
      answers: {
        'turn/start': async () => {
          await answer.promise;
          return { result: { turn: { id: 'early' } } };
        },
      },
    });
    const sent = conversation.send('go');
    await codex.begin('early');
    await codex.complete('early', said('quick'));
    for (let time = 0; time < 2; time++) await codex.end('early');
    answer.resolve();
    await expect((await sent).completed).resolves.toMatchObject({ text: 'quick' });
    expect(told).toEqual([['early', 'completed', 'quick', true]]);
    expect(conversation.isPending()).toBe(false);
  });

  it('takes a message again that has the name of an earlier one', async () => {
    const { codex, conversation } = await start();
    for (const turnId of ['turn-1', 'turn-2']) {
      const turn = await conversation.send('go', { messageId: 'same' });
      await codex.begin(turnId);
      await codex.start(turnId, taken('same'));
      await codex.end(turnId);
      await expect(turn.completed).resolves.toMatchObject({ id: turnId });
    }
  });

  it('keeps to what Codex tells of this thread', async () => {
    const { codex, conversation, told } = await start();
    const turn = { id: 'elsewhere', items: [], status: 'completed' };
    await codex.tell('turn/started', { threadId: 'another', turn });
    await codex.tell('turn/completed', { threadId: 'another', turn });
    expect([conversation.currentTurnId, told]).toEqual([null, []]);
  });

  it('counts what a turn used from the totals of its thread', async () => {
    const { codex, conversation } = await start();
    const count = async (totalTokens: number) =>
      codex.tell('thread/tokenUsage/updated', {
        threadId: 'thread-1',
        turnId: 't',
        tokenUsage: { total: { totalTokens } },
      });
    await count(100);
    const turn = await conversation.send('go');
    await count(130);
    await codex.end(turn.id);
    await expect(turn.completed).resolves.toMatchObject({ usage: { total: 30, input: 0 } });
  });

  it('gives the words of Codex when it does not take a message, and takes the next one', async () => {
    const { codex, conversation } = await start({
      answers: { 'turn/start': () => ({ error: { code: -32600, message: 'no, thanks' } }) },
    });
    expect(await failureOf(conversation.send('go'))).toMatchObject({
      code: 'turn-rejected',
      message: 'Codex did not take the message: no, thanks',
    });
    codex.answers = {};
    expect((await conversation.send('go')).id).toBe('turn-1');
  });

  it('rejects a message whose start is answered with nonsense', async () => {
    const { codex, conversation } = await start({ answers: { 'turn/start': () => ({ result: 'yes' }) } });
    await failureOf(conversation.send('go'));
    expect(conversation.isPending()).toBe(false);
    codex.answers = {};
    await conversation.send('again');
  });

  it('leaves nobody waiting when the conversation ends', async () => {
    const { codex, conversation, reader } = await start();
    const turn = await conversation.send('go');
    const waiting = failureOf(conversation.send('next'));
    codex.hangUp();
    await expect(turn.completed).rejects.toMatchObject({ code: 'conversation-closed' });
    expect(await waiting).toMatchObject({ code: 'conversation-closed' });
    await reader;
    expect(conversation.isPending()).toBe(false);
  });

  it('rejects a message with the end of the conversation when its start was never answered', async () => {
    const { codex, conversation } = await start({ answers: unanswered });
    const sent = failureOf(conversation.send('go'));
    await settled();
    codex.hangUp();
    expect(await sent).toMatchObject({ code: 'conversation-closed' });
  });
});
