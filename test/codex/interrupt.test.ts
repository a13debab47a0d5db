import { describe, expect, it } from 'vitest';
import { type Answers, settled, startMemoryCodex, THREAD } from '../support/memory-codex.ts';
import { until } from '../support/processes.ts';

const command = (id: string) => ({ type: 'commandExecution', id, command: 'sleep 1' });
const unanswered = { 'turn/interrupt': () => undefined };

/** A conversation with a turn that runs a command. */
async function startTurn(answers: Answers, experimentalApi = false) {
  const started = await startMemoryCodex({ answers, conversation: { experimentalApi } });
  const turn = await started.conversation.send('go');
  await started.codex.begin(turn.id);
  await started.codex.start(turn.id, command('c'));
  return { ...started, turn };
}

describe('interrupting', () => {
  it('sends nothing when no turn runs', async () => {
    const { codex, conversation } = await startMemoryCodex();
    await conversation.interrupt();
    expect(codex.calls('turn/interrupt')).toEqual([]);
  });

  it('waits until the turn has begun, since Codex does not know it before', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const turn = await conversation.send('go');
    const interrupted = conversation.interrupt();
    await settled();
    expect(codex.calls('turn/interrupt')).toEqual([]);
    await codex.begin(turn.id);
    expect(codex.calls('turn/interrupt')).toEqual([{ threadId: THREAD, turnId: turn.id }]);
    await codex.end(turn.id, { status: 'interrupted' });
    await interrupted;
  });

  it('ends the turn that is named, and no other one', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const turn = await conversation.send('go');
    await codex.begin(turn.id);
    await conversation.interrupt({ turnId: 'another' });
    expect(codex.calls('turn/interrupt')).toEqual([]);
    const interrupted = conversation.interrupt({ turnId: turn.id });
    await settled();
    expect(codex.calls('turn/interrupt')).toEqual([{ threadId: THREAD, turnId: turn.id }]);
    await codex.end(turn.id, { status: 'interrupted' });
    await interrupted;
    await conversation.interrupt({ turnId: turn.id });
  });

  it('resolves when the turn has ended, although the call is never answered', async () => {
    const { codex, conversation, turn } = await startTurn(unanswered);
    const interrupted = conversation.interrupt();
    await settled();
    await codex.end(turn.id, { status: 'interrupted' });
    await interrupted;
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
  });

  it('asks again when Codex refuses, until the turn has ended', async () => {
    const refused = () => ({ error: { code: -32600, message: 'no active turn to interrupt' } });
    const { codex, conversation, turn } = await startTurn({ 'turn/interrupt': refused });
    const interrupted = conversation.interrupt();
    await until(() => codex.calls('turn/interrupt').length === 2, 'the second attempt');
    await codex.end(turn.id);
    await interrupted;
  });

  it('leaves the turn of somebody else’s thread alone', async () => {
    const { codex, conversation } = await startMemoryCodex();
    await codex.tell('turn/started', { threadId: 'another', turn: { id: 't' } });
    await conversation.interrupt();
    expect(codex.calls('turn/interrupt')).toEqual([]);
  });
});

describe('the commands of an interrupted turn', () => {
  const list = {
    'thread/backgroundTerminals/list': () => ({
      result: { data: ['c', 'of an earlier turn'].map((itemId) => ({ itemId, processId: `process of ${itemId}` })) },
    }),
  };

  it('are stopped one by one with the experimental API, and no turn begins meanwhile', async () => {
    const stopped = Promise.withResolvers<void>();
    const { codex, conversation, turn } = await startTurn(
      {
        ...list,
        'thread/backgroundTerminals/terminate': async () => {
          await stopped.promise;
          return { result: {} };
        },
      },
      true,
    );
    const interrupted = conversation.interrupt();
    await settled();
    const next = conversation.send('next');
    await codex.end(turn.id, { status: 'interrupted' });
    expect(codex.calls('thread/backgroundTerminals/terminate')).toEqual([
      { threadId: THREAD, processId: 'process of c' },
    ]);
    expect(codex.calls('turn/start')).toHaveLength(1);
    stopped.resolve();
    await interrupted;
    expect((await next).id).toBe('turn-2');
  });

  it('are stopped with the thread otherwise, which is taken up again', async () => {
    const { codex, conversation, turn } = await startTurn({});
    const interrupted = conversation.interrupt();
    await settled();
    await codex.end(turn.id, { status: 'interrupted' });
    await interrupted;
    const methods = codex.sent.flatMap(({ method }) => method ?? []);
    expect(methods.slice(-3)).toEqual(['thread/archive', 'thread/unarchive', 'thread/resume']);
  });

  it('are not stopped when they have ended, or when their turn ends by itself', async () => {
    const { codex, conversation, turn } = await startTurn({}, true);
    await codex.end(turn.id);
    const second = await conversation.send('again');
    await codex.begin(second.id);
    await codex.start(second.id, command('d'));
    await codex.complete(second.id, command('d'));
    const interrupted = conversation.interrupt();
    await settled();
    await codex.end(second.id, { status: 'interrupted' });
    await interrupted;
    expect(codex.calls('thread/backgroundTerminals/list')).toEqual([]);
  });

  it('may run on when they cannot be stopped: that is told, and messages go on', async () => {
    const refused = () => ({ error: { code: -32600, message: 'cannot' } });
    const { codex, conversation, turn, event } = await startTurn({ 'thread/archive': refused });
    void conversation.interrupt();
    await settled();
    await codex.end(turn.id, { status: 'interrupted' });
    await event((told) => 'type' in told && told.type === 'x-optio-warning' && told.message.includes('may still run'));
    expect((await conversation.send('next')).id).toBe('turn-2');
  });
});
