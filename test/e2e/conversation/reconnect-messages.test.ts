import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { escalate, type ModelRequest, pause, say, shell } from '../../../src/testing/index.ts';
import { joinConversation, type StartedConversation } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { startBehindProxy } from '../../support/socket-proxy.ts';

/** How often the model was asked with this message in its input. */
function timesTaken({ model }: StartedConversation, text: string): number {
  const input = JSON.stringify(model.requests.at(-1)?.body.input);
  return input.split(JSON.stringify(text)).length - 1;
}

const isCommand = ({ item }: { item: { type: string } }) => item.type === 'commandExecution';

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
      if (userText === 'begin' && outputs.length === 0) return [shell('true')];
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
    await watcher.event(notification('item/started', isSteered)); // which cuts what the model was about to say
    gate.resolve();
    proxy.cut();
    const [first, second] = await Promise.all([turn.completed, (await steering).completed]);
    expect(first.text).toBe('re: and this');
    expect(second.text).toBe('re: and this');
    expect(timesTaken(started, 'and this')).toBe(1);
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
