import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CodexConversation } from '../../../src/codex/conversation.ts';
import type { RunEventBody } from '../../../src/contract/event.ts';
import { AccessGuard } from '../../../src/session/guard.ts';
import { Narrator } from '../../../src/session/narrator.ts';
import { escalate, type ModelRequest, pause, run, say } from '../../../src/testing/index.ts';
import { joinConversation, type StartedConversation, startCodex } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { makeRun } from '../../support/memory-run.ts';
import { until } from '../../support/processes.ts';
import { startBehindProxy, startSocketProxy } from '../../support/socket-proxy.ts';

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

/** How often the model was asked with this message in its input. */
function timesTaken({ model }: StartedConversation, text: string): number {
  const input = JSON.stringify(model.requests.at(-1)?.body.input);
  return input.split(JSON.stringify(text)).length - 1;
}

const isCommand = ({ item }: { item: { type: string } }) => item.type === 'commandExecution';
const isOutput = (text: string) => (params: { item: { aggregatedOutput?: string } }) =>
  params.item.aggregatedOutput === text;
const saying = (text: string) =>
  notification('item/completed', ({ item }: { item: { text?: string; type: string } }) => {
    return item.type === 'agentMessage' && item.text === text;
  });

describe('a connection that breaks', () => {
  it('is made anew, says so, and the thread goes on', async () => {
    const started = await startBehindProxy();
    const { conversation, proxy, event } = started;
    const { threadId } = conversation;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    expect(proxy.connections()).toBe(2);
    await expect((await conversation.send('!say here again')).completed).resolves.toMatchObject({ text: 'here again' });
    expect([conversation.threadId, conversation.closed]).toEqual([threadId, false]);
  });

  it('is made anew as often as it breaks', async () => {
    const { conversation, proxy, events } = await startBehindProxy();
    const times = () => events.filter(own('x-optio-reconnected')).length;
    for (let round = 1; round <= 5; round++) {
      proxy.cut();
      await until(() => times() === round, `reconnect ${round}`);
      const turn = await conversation.send(`!say ${round}`);
      await expect(turn.completed).resolves.toMatchObject({ text: `${round}` });
    }
    expect(times()).toBe(5);
  });

  it('ends with a message that is too large, which is told, and the turn is not lost', async () => {
    const script = ({ userText }: ModelRequest) =>
      userText === 'big' ? [say('x'.repeat(200_000), { chunk: 50_000 })] : [say('small')];
    const { conversation, event } = await startBehindProxy({ script }, { maxMessageBytes: 100_000 });
    const turn = await conversation.send('big');
    expect(await event(own('x-optio-oversized'))).toMatchObject({ bytes: 100_000 });
    await event(own('x-optio-reconnected'));
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed' });
    await expect((await conversation.send('more')).completed).resolves.toMatchObject({ text: 'small' });
  });

  it('rejects the bootstrap when it breaks during it, and ends', async () => {
    const { conversation, codex, home } = await startCodex({ over: 'socket', isRaw: true });
    const proxy = await startSocketProxy(join(home, 'app-server.sock'));
    conversation.attach({ ...codex.link, transport: await proxy.connect(), reconnect: () => proxy.connect() });
    const reader = conversation.runReader();
    const lost = proxy.loseRequests();
    const opening = conversation.bootstrap();
    opening.catch(() => {});
    await lost;
    proxy.cut();
    await expect(opening).rejects.toMatchObject({ code: 'connection-closed' });
    await codex.stop();
    await reader;
    expect(conversation.closed).toBe(true);
  });

  it('ends the conversation with the exit of codex when that is what broke it', async () => {
    const { conversation, codex, reader, events } = await startBehindProxy();
    const turn = await conversation.send('!hang');
    process.kill(codex.process.identity.pid, 'SIGKILL');
    await expect(turn.completed).rejects.toMatchObject({ code: 'conversation-closed' });
    await reader;
    expect(events.at(-1)).toMatchObject({ type: 'x-optio-closed', exitCode: null, signal: 'SIGKILL' });
    expect(events.some(own('x-optio-reconnected'))).toBe(false);
  });
});

describe('a message around the break of a connection', () => {
  it('is sent again when it never arrived', async () => {
    const started = await startBehindProxy();
    const { conversation, proxy } = started;
    const lost = proxy.loseRequests();
    const sent = conversation.send('!say arrived');
    await lost;
    proxy.cut();
    const turn = await sent;
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'arrived' });
    expect(timesTaken(started, '!say arrived')).toBe(1);
  });

  it('is not sent again when only the reply was lost, and its turn still runs', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText }: ModelRequest) => [
      ...(userText === 'ours' ? [pause(gate.promise)] : []),
      say(`re: ${userText}`),
    ];
    const started = await startBehindProxy({ script });
    const { conversation, proxy, model, event } = started;
    proxy.loseReplies();
    const sent = conversation.send('ours');
    await model.request(({ userText }) => userText === 'ours');
    proxy.cut();
    await event(own('x-optio-reconnected'));
    gate.resolve();
    const turn = await sent;
    await expect(turn.completed).resolves.toMatchObject({ id: turn.id, status: 'completed', text: 're: ours' });
    await (await conversation.send('after')).completed;
    expect(timesTaken(started, 'ours')).toBe(1);
  });

  it('is not sent again when its whole turn happened unseen', async () => {
    const started = await startBehindProxy();
    const { conversation, proxy } = started;
    const watcher = await joinConversation(started);
    const told: string[] = [];
    conversation.onMessage((text, { ours }) => told.push(`${text} ${ours}`));
    proxy.loseReplies();
    const sent = conversation.send('!say first\n!run true\n!say unseen');
    await watcher.event(notification('turn/completed'));
    proxy.cut();
    const turn = await sent;
    await expect(turn.completed).resolves.toMatchObject({
      status: 'completed',
      text: 'unseen',
      messages: ['first', 'unseen'],
    });
    expect(told).toEqual(['unseen true']);
    expect(conversation.isPending()).toBe(false);
    await (await conversation.send('!say after')).completed;
    expect(timesTaken(started, '!say first\n!run true\n!say unseen')).toBe(1);
  });

  it('is steered into the running turn once, although the reply was lost', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText, outputs }: ModelRequest) => {
      if (userText === 'begin' && outputs.length === 0) return [run('true')];
      return userText === 'begin' ? [pause(gate.promise), say('not yet')] : [say(`re: ${userText}`)];
    };
    const started = await startBehindProxy({ script });
    const { conversation, proxy, event } = started;
    const turn = await conversation.send('begin');
    await event(notification('item/completed', isCommand));
    const watcher = await joinConversation(started);
    proxy.loseReplies();
    const steering = conversation.send('and this', { steer: true });
    const isSteered = ({ item }: { item: { type: string; content?: { text?: string }[] } }) =>
      item.type === 'userMessage' && item.content?.[0]?.text === 'and this';
    gate.resolve();
    await watcher.event(notification('item/started', isSteered));
    proxy.cut();
    const [first, second] = await Promise.all([turn.completed, (await steering).completed]);
    expect(first.text).toBe('re: and this');
    expect(second.text).toBe('re: and this');
    expect(timesTaken(started, 'and this')).toBe(1);
  });
});

describe('a turn around the break of a connection', () => {
  it('is told whole in the journal: what was missed comes after the news of the break, and nothing twice', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const script = ({ userText, outputs }: ModelRequest) => {
      if (userText !== 'go') return [say('hello')];
      if (outputs.length === 0) return [say('one'), run('true')];
      if (outputs.length === 1) return [pause(gates[0].promise), say('two'), run('echo missed')];
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
      const told = [say('one'), run('true')];
      if (outputs.length === 0) return told;
      if (outputs.length === 1) return [pause(gates[0].promise), say('two'), run('true')];
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
      return outputs.length === 0 ? [say('one'), run('true')] : [pause(gate.promise), say('two')];
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

describe('an approval around the break of a connection', () => {
  const script = ({ userText, outputs }: ModelRequest) => {
    if (userText !== 'go') return [say('hello')];
    return outputs.length === 0 ? [escalate('echo ran >> count')] : [say('done')];
  };

  it('is repeated by codex, asked of nobody again, and answered once', async () => {
    const { conversation, proxy, event, workspace } = await startBehindProxy({
      script,
      conversation: { permissionGate: true },
    });
    const asked: AbortSignal[] = [];
    const answer = Promise.withResolvers<{ behavior: 'allow' }>();
    const first = Promise.withResolvers<void>();
    conversation.onPermissionRequest(({ signal }) => {
      asked.push(signal);
      first.resolve();
      return answer.promise;
    });
    const turn = await conversation.send('go');
    await first.promise;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    answer.resolve({ behavior: 'allow' });
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'done' });
    expect(asked.map(({ aborted }) => aborted)).toEqual([false]);
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('ran\n');
  });

  it('gets its answer a second time when the first was lost on the way', async () => {
    const { conversation, proxy, workspace } = await startBehindProxy({
      script,
      conversation: { permissionGate: true },
    });
    let asked = 0;
    conversation.onPermissionRequest(() => {
      asked++;
      void proxy.loseRequests().then(() => proxy.cut());
      return { behavior: 'allow' };
    });
    const turn = await conversation.send('go');
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed', text: 'done' });
    expect(asked).toBe(1);
    expect(readFileSync(join(workspace, 'count'), 'utf8')).toBe('ran\n');
  });
});
