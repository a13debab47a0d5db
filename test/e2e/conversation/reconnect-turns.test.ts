import { describe, expect, it } from 'vitest';
import type { CodexConversation } from '../../../src/codex/conversation.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { AccessGuard } from '../../../src/session/guard.ts';
import { Narrator } from '../../../src/session/narrator.ts';
import { type ModelRequest, pause, say, shell } from '../../../src/testing/index.ts';
import { joinConversation } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { makeRun } from '../../support/memory-run.ts';
import { until } from '../../support/processes.ts';
import { startBehindProxy } from '../../support/socket-proxy.ts';

/** What a run would write down of everything that this conversation tells from now on. */
function journalOf(conversation: CodexConversation): RunEventBody[] {
  const events: RunEventBody[] = [];
  const context = Object.assign(makeRun(), { emit: (event: RunEventBody) => void events.push(event) });
  new Narrator(context, conversation, new AccessGuard(context.host, { denied: [], readable: [], writable: [] }));
  return events;
}

/** What of the journal is about the course of a turn, in a word. */
function describeEntry(event: RunEventBody): string | undefined {
  if (event.type === 'item.completed') {
    const { item } = event;
    if (item.kind === 'agentMessage') return item.text;
    return item.kind === 'command' ? item.command : 'message';
  }
  return /^(turn\.(started|ended)|session\.reconnected)$/.test(event.type) ? event.type : undefined;
}

const isCommand = ({ item }: { item: { type: string } }) => item.type === 'commandExecution';
const isOutput = (text: string) => (params: { item: { aggregatedOutput?: string } }) =>
  params.item.aggregatedOutput === text;
const saying = (text: string) =>
  notification('item/completed', ({ item }: { item: { text?: string; type: string } }) => {
    return item.type === 'agentMessage' && item.text === text;
  });

describe('a turn around the break of a connection', () => {
  it('is told whole in the journal: what was missed comes after the news of the break, and nothing twice', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const script = ({ userText, outputs }: ModelRequest) => {
      if (userText !== 'go') return [say('hello')];
      if (outputs.length === 0) return [say('one'), shell('true')];
      if (outputs.length === 1) return [pause(gates[0].promise), say('two'), shell('echo missed')];
      return outputs.length === 2 ? [pause(gates[1].promise), say('three')] : [say('again')];
    };
    const started = await startBehindProxy({ script });
    const { conversation, proxy, event } = started;
    const journal = journalOf(conversation);
    const watcher = await joinConversation(started);
    const turn = await conversation.send('go');
    await event(notification('item/completed', isCommand));
    proxy.loseReplies();
    gates[0].resolve();
    await watcher.event(notification('item/completed', isOutput('missed\n')));
    proxy.cut();
    await event(own('x-optio-reconnected'));
    proxy.loseReplies();
    gates[1].resolve();
    await watcher.event(notification('turn/completed'));
    proxy.cut();
    await turn.completed;
    const told = journal.map((entry) => describeEntry(entry)).filter((text) => text !== undefined);
    expect(told).toEqual([
      'turn.started',
      'message',
      'one',
      'true',
      'session.reconnected',
      'two',
      'echo missed',
      'session.reconnected',
      'three',
      'turn.ended',
    ]);
  });

  it('is told with what was used meanwhile, which Codex does not tell again', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText }: ModelRequest) =>
      userText === 'unseen' ? [pause(gate.promise), say('two')] : [say('one')];
    const started = await startBehindProxy({ script });
    const { conversation, proxy } = started;
    const journal = journalOf(conversation);
    const watcher = await joinConversation(started);
    await (await conversation.send('seen')).completed;
    const turn = await conversation.send('unseen');
    proxy.loseReplies();
    gate.resolve();
    await watcher.event(
      notification('turn/completed', (params: { turn: { id: string } }) => params.turn.id === turn.id),
    );
    proxy.cut();
    await turn.completed;
    const totals = journal.flatMap((entry) => (entry.type === 'usage.updated' ? [entry.total.total] : []));
    expect(totals).toEqual([300, 450]); // one more turn has made the thread
  });

  it('that somebody else began and ended meanwhile is told as theirs', async () => {
    const started = await startBehindProxy();
    const { conversation, proxy, event } = started;
    const watcher = await joinConversation(started);
    const told: string[] = [];
    conversation.onMessage((text, { ours }) => told.push(`${text} ${ours}`));
    proxy.loseReplies();
    await (await watcher.conversation.send('!say unseen')).completed;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    await (await conversation.send('!say seen')).completed;
    expect(told).toEqual(['unseen false', 'seen true']);
  });

  it('is told with all that went by meanwhile, however many they were', async () => {
    const started = await startBehindProxy({ conversation: { experimentalApi: true } });
    const { conversation, proxy, event } = started;
    const watcher = await joinConversation(started);
    const told: string[] = [];
    conversation.onMessage((text) => told.push(text));
    proxy.loseReplies();
    const texts = Array.from({ length: 23 }, (_, index) => `${index}`);
    for (const text of texts) await (await watcher.conversation.send(`!say ${text}`)).completed;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    expect(told).toEqual(texts);
  });

  it('that was interrupted meanwhile has ended as interrupted', async () => {
    const started = await startBehindProxy();
    const { conversation, proxy, event } = started;
    const watcher = await joinConversation(started);
    const turn = await conversation.send('!hang');
    await event(notification('turn/started', (params: { turn: { id: string } }) => params.turn.id === turn.id));
    proxy.loseReplies();
    await watcher.conversation.interrupt();
    proxy.cut();
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
  });

  it('has in its answer what was said meanwhile, while it still runs', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const script = ({ userText, outputs }: ModelRequest) => {
      if (userText !== 'go') return [say('hello')];
      const told = [say('one'), shell('true')];
      if (outputs.length === 0) return told;
      if (outputs.length === 1) return [pause(gates[0].promise), say('two'), shell('true')];
      return [pause(gates[1].promise), say('three')];
    };
    const started = await startBehindProxy({ script });
    const { conversation, proxy, event } = started;
    const watcher = await joinConversation(started);
    const turn = await conversation.send('go');
    await event(notification('item/completed', isCommand));
    proxy.loseReplies();
    gates[0].resolve();
    await watcher.event(saying('two'));
    proxy.cut();
    await event(own('x-optio-reconnected'));
    expect(conversation.currentTurnId).toBe(turn.id);
    gates[1].resolve();
    await expect(turn.completed).resolves.toMatchObject({ text: 'three', messages: ['one', 'two', 'three'] });
  });

  it('ends with its last answer when it has ended meanwhile', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText, outputs }: ModelRequest) => {
      if (userText !== 'go') return [say('hello')];
      return outputs.length === 0 ? [say('one'), shell('true')] : [pause(gate.promise), say('two')];
    };
    const started = await startBehindProxy({ script });
    const { conversation, proxy, event } = started;
    const watcher = await joinConversation(started);
    const turn = await conversation.send('go');
    await event(notification('item/completed', isCommand));
    proxy.loseReplies();
    gate.resolve();
    await watcher.event(notification('turn/completed'));
    proxy.cut();
    await expect(turn.completed).resolves.toMatchObject({ text: 'two', messages: ['one', 'two'] });
    expect([conversation.currentTurnId, conversation.isPending()]).toEqual([null, false]);
  });

  it('goes on under the model that was chosen since, and so does the next one', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText }: ModelRequest) => [
      ...(userText === 'go' ? [pause(gate.promise)] : []),
      say(`re: ${userText}`),
    ];
    const { conversation, proxy, event, events, model } = await startBehindProxy({
      script,
      conversation: { model: 'scripted', reasoningEffort: 'low' },
    });
    conversation.requestModelChange('another-model');
    const turn = await conversation.send('go');
    await model.request(({ userText }) => userText === 'go');
    proxy.cut();
    await event(own('x-optio-reconnected'));
    gate.resolve();
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 're: go' });
    proxy.cut();
    await until(() => events.filter(own('x-optio-reconnected')).length === 2, 'the second reconnect');
    await (await conversation.send('next')).completed;
    expect(model.requests.map((request) => request.model)).toEqual(['scripted', 'another-model', 'another-model']);
    expect(model.requests.at(-1)?.body.reasoning).toMatchObject({ effort: 'low' });
    expect(conversation.currentModelId).toBe('another-model');
  });

  it('is interrupted although the order to do so was lost', async () => {
    const { conversation, proxy } = await startBehindProxy();
    const turn = await conversation.send('!hang');
    const lost = proxy.loseRequests();
    const interrupted = conversation.interrupt();
    await lost;
    proxy.cut();
    await interrupted;
    await expect(turn.completed).resolves.toMatchObject({ status: 'interrupted' });
  });
});
