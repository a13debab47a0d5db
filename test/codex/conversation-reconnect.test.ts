import { describe, expect, it } from 'vitest';
import { OptioError } from '../../src/errors.ts';
import { failureOf } from '../support/failure.ts';
import { type Answers, type MemoryCodex, settled, startMemoryCodex, THREAD } from '../support/memory-codex.ts';

/** A thread as it is when it is taken up again, with its newest turns. */
const resumed = (turns: object[], profile?: string) => ({
  'thread/resume': () => ({
    result: {
      thread: { id: THREAD, turns },
      initialTurnsPage: { data: turns.toReversed() },
      activePermissionProfile: profile ? { id: profile } : null,
    },
  }),
});
const taken = (clientId: string) => ({ type: 'userMessage', id: `item of ${clientId}`, clientId, content: [] });
const said = (text: string) => ({ type: 'agentMessage', id: 'm', text, phase: null });
const turn = (id: string, status: string, items: object[]) => ({ id, status, items, error: null });

/** A conversation whose connection can be made anew. */
async function start(answers: Answers = {}, options = {}) {
  const link: { codex?: MemoryCodex } = {};
  const reconnect = async () => {
    if (!link.codex) throw new Error('nothing to connect to');
    return link.codex.connect();
  };
  const started = await startMemoryCodex({ answers, conversation: options, link: { reconnect } });
  link.codex = started.codex;
  const told: unknown[] = [];
  started.conversation.onMessage((text, { turnId, ours }) => told.push([turnId, text, ours]));
  const back = () => started.event((event) => 'type' in event && event.type === 'x-optio-reconnected');
  return { ...started, told, back };
}

describe('a connection that is lost and made anew', () => {
  it('is introduced again and takes the thread up; a turn that runs on ends as ever', async () => {
    const { codex, conversation, told, back } = await start(resumed([turn('turn-1', 'inProgress', [taken('mine')])]));
    const running = await conversation.send('go', { messageId: 'mine' });
    codex.hangUp();
    await back();
    await settled();
    expect(codex.calls('initialize')).toHaveLength(2);
    expect(conversation.currentTurnId).toBe('turn-1');
    await codex.complete('turn-1', said('done'));
    await codex.end('turn-1');
    await expect(running.completed).resolves.toMatchObject({ text: 'done' });
    expect(told).toEqual([['turn-1', 'done', true]]);
  });

  it('brings the end of a turn that ended meanwhile, once', async () => {
    const missed = turn('turn-1', 'completed', [taken('mine'), said('unseen')]);
    const { codex, conversation, told, back } = await start(resumed([missed]));
    const running = await conversation.send('go', { messageId: 'mine' });
    codex.hangUp();
    await back();
    await expect(running.completed).resolves.toMatchObject({ text: 'unseen' });
    await codex.end('turn-1');
    expect(told).toEqual([['turn-1', 'unseen', true]]);
  });

  it('does not send a message again whose whole turn happened unseen', async () => {
    const missed = turn('unseen', 'completed', [taken('mine'), said('done')]);
    const { codex, conversation, told } = await start({ ...resumed([missed]), 'turn/start': () => undefined });
    const sent = conversation.send('go', { messageId: 'mine' });
    await settled();
    codex.hangUp();
    await expect((await sent).completed).resolves.toMatchObject({ id: 'unseen', text: 'done' });
    expect(codex.calls('turn/start')).toHaveLength(1);
    expect(told).toEqual([['unseen', 'done', true]]);
    expect(conversation.isPending()).toBe(false);
  });

  it('tells the end of a turn no second time that had ended before', async () => {
    const before = turn('turn-1', 'completed', [taken('mine'), said('old')]);
    const { codex, conversation, told, back } = await start(resumed([before]));
    const ended = await conversation.send('go', { messageId: 'mine' });
    await codex.end(ended.id);
    codex.hangUp();
    await back();
    await settled();
    expect(told).toEqual([['turn-1', '', true]]);
    expect((await conversation.send('next')).id).toBe('turn-2');
  });

  it('asks no handler twice about a request that Codex repeats, and gives it the answer on the new connection', async () => {
    const { codex, conversation, back } = await start(resumed([]), { permissionGate: true });
    const leave = Promise.withResolvers<void>();
    let asked = 0;
    conversation.onPermissionRequest(async () => {
      asked++;
      await leave.promise;
      return { behavior: 'allow' };
    });
    const ask = () => codex.ask(0, 'item/commandExecution/requestApproval', { command: 'ls' });
    await ask();
    codex.hangUp();
    await back();
    await ask();
    leave.resolve();
    await settled();
    expect([asked, codex.replies(0)]).toEqual([1, [{ decision: 'accept' }]]);
  });

  it('ends the conversation when the thread comes back under another profile', async () => {
    const locked = {
      'thread/start': () => ({ result: { thread: { id: THREAD }, activePermissionProfile: { id: 'locked' } } }),
    };
    const options = { expectProfile: 'locked', sandbox: null, experimentalApi: true };
    const { codex, conversation, reader } = await start({ ...locked, ...resumed([], 'open') }, options);
    codex.hangUp();
    await reader;
    expect(conversation.endReason).toMatchObject({ code: 'sandbox-changed' });
    expect(codex.calls('thread/resume')).toHaveLength(1);
  });

  it('tells that there were more turns than it looks for', async () => {
    let count = 0;
    const page = () => ({ data: [turn(`unheard-${count++}`, 'completed', [])], nextCursor: 'more' });
    const { codex, events, event } = await start(
      {
        'thread/resume': () => ({ result: { thread: { id: THREAD, turns: [] }, initialTurnsPage: page() } }),
        'thread/turns/list': () => ({ result: page() }),
      },
      { experimentalApi: true },
    );
    codex.hangUp();
    await event((told) => 'type' in told && told.type === 'x-optio-warning' && told.message.includes('not told'));
    expect(count).toBe(50);
    expect(events.find((told) => 'type' in told && told.type === 'x-optio-reconnected')).toMatchObject({
      missed: expect.arrayContaining([expect.objectContaining({ method: 'turn/completed' })]),
    });
  });

  it('ends when the process is gone, and rejects what waits', async () => {
    const { codex, conversation, reader } = await startMemoryCodex({
      answers: { 'turn/start': () => undefined },
      link: {
        reconnect: () => Promise.reject(new OptioError('codex-exited', 'codex has ended')),
      },
    });
    const sent = failureOf(conversation.send('go'));
    await settled();
    codex.hangUp();
    expect(await sent).toMatchObject({ code: 'conversation-closed' });
    await reader;
  });
});
