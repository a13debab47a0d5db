import { setImmediate as breathe } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CodexNotification } from '../../../src/codex/client.ts';
import { CodexConversation } from '../../../src/codex/conversation.ts';
import type { CodexConversationOptions, KnownConversation } from '../../../src/codex/conversation-options.ts';
import type { Transport } from '../../../src/rpc/transport.ts';
import { pause, say, shell } from '../../../src/testing/index.ts';
import { NEWEST, type StartedConversation, startCodex } from '../../support/codex.ts';
import { type EventWatch, notification, own, watchEvents } from '../../support/events.ts';

interface Holder extends EventWatch {
  readonly conversation: CodexConversation;
  readonly transport: Transport;
}

/** A conversation over a connection of its own, which is not made anew. */
async function hold(
  { codex, workspace }: StartedConversation,
  options: Partial<CodexConversationOptions> = {},
): Promise<Holder> {
  const conversation = new CodexConversation({ cwd: workspace, ...options });
  const watch = watchEvents(conversation);
  const transport = await codex.connect();
  const { readEnd } = codex.link;
  conversation.attach({ transport, ...(readEnd && { readEnd }) });
  void conversation.runReader();
  await conversation.bootstrap();
  return { conversation, transport, ...watch };
}

/** What the record of a holder says of its thread. */
function knownOf({ conversation, events }: Holder, messageIds: readonly string[]): KnownConversation {
  const threadId = conversation.threadId ?? '';
  const running = new Map<string, Map<string, boolean>>();
  let newestTurnId = '';
  for (const event of events as CodexNotification[]) {
    if (event.method === 'turn/started') {
      newestTurnId = event.params.turn.id;
      running.set(newestTurnId, new Map());
    } else if (event.method === 'turn/completed') running.delete(event.params.turn.id);
    else if (event.method === 'item/started') running.get(event.params.turnId)?.set(event.params.item.id, false);
    else if (event.method === 'item/completed') running.get(event.params.turnId)?.set(event.params.item.id, true);
  }
  const turns = [...running].map(([turnId, items]) => {
    return { turnId, items: [...items].map(([id, isCompleted]) => ({ id, isCompleted })) };
  });
  const thread = { threadId, running: turns, ...(newestTurnId && { newestTurnId }) };
  return { threads: [thread], messageIds, changes: {} };
}

const methods = ({ events }: EventWatch) =>
  events
    .flatMap((event) => ('type' in event && event.type === 'x-optio-reconnected' ? event.missed : []))
    .map(({ method }) => method);

// An older codex has other ids for what it stored than for what it told, so nobody can go on from a record of that.
describe('a thread that another process had to leave (0.169)', () => {
  const binary = NEWEST;

  it('is taken up in the middle of a turn, and its answer has what was said before', async () => {
    const gate = Promise.withResolvers<void>();
    let requests = 0;
    const script = () => {
      return requests++ === 0
        ? [say('I look first.'), shell('echo looked')]
        : [pause(gate.promise), say('That is all.')];
    };
    const started = await startCodex({ binary, over: 'socket', isRaw: true, script });
    const first = await hold(started);
    await first.conversation.send('go', { messageId: 'message-1' });
    await first.event(
      notification('item/completed', ({ item }: { item: { type: string } }) => item.type === 'commandExecution'),
    );
    first.transport.close();

    const resumeThreadId = first.conversation.threadId ?? '';
    const second = await hold(started, { resumeThreadId, known: knownOf(first, ['message-1']) });
    expect(methods(second)).toEqual(['thread/tokenUsage/updated']);
    expect(second.conversation.isPending()).toBe(true);
    const [turn] = second.conversation.adopted;

    gate.resolve();
    expect(await turn?.completed).toMatchObject({ status: 'completed', messages: ['I look first.', 'That is all.'] });
  });

  it('is told the end of a turn that ended while nobody was there', async () => {
    const gate = Promise.withResolvers<void>();
    const started = await startCodex({
      binary,
      over: 'socket',
      isRaw: true,
      script: () => [pause(gate.promise), say('done')],
    });
    const first = await hold(started);
    await first.conversation.send('go', { messageId: 'message-1' });
    await first.event(notification('item/completed'));
    first.transport.close();
    gate.resolve();
    const onlooker = await hold(started, { resumeThreadId: first.conversation.threadId ?? '' });
    while (onlooker.conversation.currentTurnId) await breathe();

    const resumeThreadId = first.conversation.threadId ?? '';
    const second = await hold(started, { resumeThreadId, known: knownOf(first, ['message-1']) });
    await second.event(own('x-optio-reconnected'));
    expect(methods(second)).toEqual(['item/started', 'item/completed', 'thread/tokenUsage/updated', 'turn/completed']);
    expect(await second.conversation.adopted[0]?.completed).toMatchObject({ status: 'completed', text: 'done' });
    expect(await (await second.conversation.send('again')).completed).toMatchObject({ status: 'completed' });
  });

  it('tells whether a message has arrived', async () => {
    const started = await startCodex({ binary, over: 'socket', isRaw: true, script: () => [say('done')] });
    const first = await hold(started);
    await (await first.conversation.send('go', { messageId: 'message-1' })).completed;
    const known = knownOf(first, []);
    await (await first.conversation.send('and', { messageId: 'message-2' })).completed;
    first.transport.close();

    const resumeThreadId = first.conversation.threadId ?? '';
    const second = await hold(started, { resumeThreadId, known: { ...known, messageIds: ['message-2', 'message-3'] } });
    expect(second.conversation.adopted).toHaveLength(1);
    expect(await second.conversation.whenTaken('message-2')).toBe(second.conversation.adopted[0]?.id);
    expect(await second.conversation.whenTaken('message-3')).toBeUndefined();
  });
});
