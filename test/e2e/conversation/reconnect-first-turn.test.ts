import { describe, expect, it } from 'vitest';
import { type ModelRequest, pause, say } from '../../../src/testing/index.ts';
import { BINARIES, type StartedConversation } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { openBehindProxy } from '../../support/socket-proxy.ts';

/** The texts of the user that the model was given with its last request. */
function textsGiven({ model }: StartedConversation): string {
  return JSON.stringify(model.requests.at(-1)?.body.input);
}

function times(text: string, part: string): number {
  return text.split(JSON.stringify(part)).length - 1;
}

describe.each(BINARIES)('a connection that breaks before the first turn ($version)', (binary) => {
  it('is made anew, and the thread stays the same one', async () => {
    const { conversation, proxy, event } = await openBehindProxy({ binary });
    const { threadId } = conversation;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    expect(proxy.connections()).toBe(2);
    await expect((await conversation.send('!say here')).completed).resolves.toMatchObject({ text: 'here' });
    expect(conversation.threadId).toBe(threadId);
  });

  it('loses no message: one that never arrived is sent again', async () => {
    const started = await openBehindProxy({ binary });
    const { conversation, proxy } = started;
    const lost = proxy.loseRequests();
    const sent = conversation.send('!say arrived');
    await lost;
    proxy.cut();
    await expect((await sent).completed).resolves.toMatchObject({ status: 'completed', text: 'arrived' });
    expect(times(textsGiven(started), '!say arrived')).toBe(1);
  });

  it('doubles no message: one that began the first turn unseen is not sent again', async () => {
    const gate = Promise.withResolvers<void>();
    const script = ({ userText }: ModelRequest) => [
      ...(userText === 'ours' ? [pause(gate.promise)] : []),
      say(`re: ${userText}`),
    ];
    const started = await openBehindProxy({ binary, script });
    const { conversation, proxy, model, event } = started;
    proxy.loseReplies();
    const sent = conversation.send('ours');
    await model.request(({ userText }) => userText === 'ours');
    proxy.cut();
    await event(own('x-optio-reconnected'));
    gate.resolve();
    await expect((await sent).completed).resolves.toMatchObject({ status: 'completed', text: 're: ours' });
    await (await conversation.send('after')).completed;
    expect(times(textsGiven(started), 'ours')).toBe(1);
  });

  it('keeps the profile, the instructions and the raw items of the thread', async () => {
    const { conversation, proxy, event, model } = await openBehindProxy({
      binary,
      config: {
        default_permissions: 'locked',
        permissions: { locked: { extends: ':workspace', filesystem: { '/var/tmp/nowhere': 'deny' } } },
      },
      conversation: {
        expectProfile: 'locked',
        sandbox: null,
        experimentalApi: true,
        rawEvents: true,
        developerInstructions: 'Remember the milk.',
      },
    });
    proxy.cut();
    await event(own('x-optio-reconnected'));
    await expect((await conversation.send('!run true\n!say locked')).completed).resolves.toMatchObject({
      text: 'locked',
    });
    expect(JSON.stringify(model.requests.at(-1)?.body.input)).toContain('Remember the milk.');
    const isCall = ({ item }: { item: { type: string } }) => item.type.endsWith('_call');
    await event(notification('rawResponseItem/completed', isCall));
  });
});
