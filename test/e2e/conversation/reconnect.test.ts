import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withSideClient } from '../../../src/codex/side-client.ts';
import { endTurn, type ModelRequest, say, shell } from '../../../src/testing/index.ts';
import { startCodex } from '../../support/codex.ts';
import { notification, own } from '../../support/events.ts';
import { makePipe } from '../../support/pipes.ts';
import { until } from '../../support/processes.ts';
import { openBehindProxy, startBehindProxy, startSocketProxy } from '../../support/socket-proxy.ts';

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

describe('a permission profile around the break of a connection', () => {
  const config = {
    default_permissions: 'locked',
    permissions: { locked: { extends: ':workspace', filesystem: { '/var/tmp/nowhere': 'deny' } } },
  };
  const locked = { expectProfile: 'locked', sandbox: null, experimentalApi: true } as const;

  it('is still in force afterwards', async () => {
    const { conversation, proxy, event } = await startBehindProxy({ config, conversation: locked });
    proxy.cut();
    await event(own('x-optio-reconnected'));
    await expect((await conversation.send('!say locked')).completed).resolves.toMatchObject({ text: 'locked' });
  });

  it('is no reason to load the thread anew: a command that outlived its turn runs on, and raw items still come', async () => {
    const script = [
      shell('cat held; echo late', { yieldMs: 250 }),
      say('gone on'),
      endTurn(),
      shell('true'),
      say('next'),
    ];
    const { conversation, proxy, event, workspace } = await openBehindProxy({
      config,
      script,
      conversation: { ...locked, rawEvents: true, developerInstructions: 'Remember the milk.' },
    });
    const held = makePipe(join(workspace, 'held'));
    await (await conversation.send('go')).completed;
    proxy.cut();
    await event(own('x-optio-reconnected'));
    await writeFile(held, ''); // lets the command go on
    const isLate = ({ item }: { item: { aggregatedOutput?: string } }) => item.aggregatedOutput === 'late\n';
    await event(notification('item/completed', isLate));
    const { completed, id } = await conversation.send('again');
    await expect(completed).resolves.toMatchObject({ text: 'next' });
    await event(notification('rawResponseItem/completed', ({ turnId }: { turnId: string }) => turnId === id));
  });

  it('ends the conversation when somebody has changed it meanwhile', async () => {
    const { conversation, codex, proxy, reader } = await startBehindProxy({ config, conversation: locked });
    const { threadId } = conversation;
    proxy.loseReplies();
    await withSideClient(codex.connect, async (client) => {
      await client.call('thread/resume', { threadId: threadId ?? '' });
      const input = [{ type: 'text' as const, text: '!hang', text_elements: [] }];
      await client.call('turn/start', { threadId: threadId ?? '', permissions: ':workspace', input });
      proxy.cut();
      // Were nobody left on the thread, codex would load it anew, under the profile that we name.
      await reader;
    });
    expect(conversation.endReason).toMatchObject({ code: 'sandbox-changed' });
  });
});
