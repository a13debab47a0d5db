import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CodexConversation } from '../../src/codex/conversation.ts';
import { LineTransport } from '../../src/rpc/lines.ts';
import { WebSocketTransport } from '../../src/rpc/websocket.ts';
import { watchEvents } from '../support/events.ts';
import { failureOf } from '../support/failure.ts';
import { attachMemoryCodex, MemoryCodex, settled, startMemoryCodex, THREAD } from '../support/memory-codex.ts';
import { startWebSocketServer } from '../support/websocket-server.ts';

const MIB = 1024 * 1024;

describe('what a conversation has to say itself', () => {
  it('tells a line beyond the limit, and goes on with the next', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const conversation = new CodexConversation({ cwd: '/' });
    const { events } = watchEvents(conversation);
    conversation.attach(new LineTransport({ input, output, maxMessageBytes: 100 }));
    const reader = conversation.runReader();
    input.end(`${'x'.repeat(101)}\n{"method":"warning","params":{"message":"m"}}\n`);
    await reader;
    expect(events).toMatchObject([
      { type: 'x-optio-oversized', bytes: 101 },
      { method: 'warning' },
      { type: 'x-optio-closed', reason: expect.stringContaining('the peer ended the connection') },
    ]);
  });

  it('counts noise for a slow subscriber as well, and tells it the end all the same', async () => {
    const { codex, conversation, reader } = await startMemoryCodex();
    const seen: object[] = [];
    const goOn = Promise.withResolvers<void>();
    conversation.onEvent((event) => {
      seen.push(event);
      return goOn.promise;
    });
    await codex.say({ method: 'warning', params: {} });
    for (let n = 0; n < 9; n++) await codex.say('no JSON'.padEnd(8 * MIB));
    codex.hangUp();
    await reader;
    goOn.resolve();
    await settled();
    expect(seen.slice(1)).toEqual([
      { type: 'x-optio-lagged', dropped: expect.any(Number) },
      expect.objectContaining({ type: 'x-optio-closed' }),
    ]);
  });

  it('warns when Codex wants a login and has none', async () => {
    const account = () => ({ result: { account: null, requiresOpenaiAuth: true } });
    const { events } = await startMemoryCodex({ answers: { 'account/read': account } });
    expect(events).toContainEqual({ type: 'x-optio-warning', message: expect.stringContaining('not logged in') });
  });

  it('tells the end of the process with its last words, or without when it never tells its own', async () => {
    const exited = Promise.resolve({ exitCode: 3, signal: null });
    const told = attachMemoryCodex({ link: { exited, stderr: () => 'out of memory' } });
    told.codex.hangUp();
    await told.reader;
    expect(told.events.at(-1)).toMatchObject({ type: 'x-optio-closed', exitCode: 3, stderr: 'out of memory' });
    const untold = attachMemoryCodex({ link: { exited: Promise.reject(new Error('nobody knows')) } });
    untold.codex.hangUp();
    await untold.reader;
    expect(untold.events.at(-1)).toEqual({ type: 'x-optio-closed', reason: expect.any(String) });
  });
});

describe('the order of things', () => {
  it('attaches once, bootstraps once, and runs one reader', async () => {
    const { codex, conversation, reader } = attachMemoryCodex();
    expect(() => conversation.attach(new MemoryCodex().connect())).toThrow(
      expect.objectContaining({ code: 'invalid-input' }),
    );
    expect(conversation.runReader()).toBe(reader);
    const [first, second] = [conversation.bootstrap(), failureOf(conversation.bootstrap())];
    await first;
    expect(await second).toMatchObject({ code: 'conversation-not-ready' });
    expect(codex.calls('initialize')).toHaveLength(1);
    expect([conversation.closed, conversation.threadId]).toEqual([false, THREAD]);
  });

  it('ends with a bootstrap that fails, and says why to whoever comes later', async () => {
    const refused = () => ({ error: { code: -32600, message: 'not today' } });
    const { conversation, reader } = attachMemoryCodex({ answers: { 'thread/start': refused } });
    const failure = await failureOf(conversation.bootstrap());
    expect(failure).toMatchObject({ code: 'call-failed', message: expect.stringContaining('not today') });
    await reader;
    expect(conversation.endReason).toBe(failure);
    expect(await failureOf(conversation.bootstrap())).toBe(failure);
    expect(await failureOf(conversation.send('go'))).toMatchObject({ name: 'ConversationClosed', cause: failure });
  });

  it('ends when the profile changes, and when Codex goes on without its configuration', async () => {
    const answers = {
      'thread/start': () => ({ result: { thread: { id: THREAD }, activePermissionProfile: { id: 'locked' } } }),
    };
    const options = { expectProfile: 'locked', sandbox: null, experimentalApi: true };
    for (const [method, params, code] of [
      ['thread/settings/updated', { threadSettings: { activePermissionProfile: { id: 'open' } } }, 'sandbox-changed'],
      ['thread/settings/updated', {}, 'sandbox-changed'],
      ['configWarning', { summary: 'Invalid configuration; using defaults.' }, 'codex-config-rejected'],
    ] as const) {
      const { codex, conversation, reader } = await startMemoryCodex({ answers, conversation: options });
      await codex.tell(method, { threadId: THREAD, ...params });
      await reader;
      expect(conversation.endReason).toMatchObject({ code });
    }
  });
});

describe('a WebSocket message beyond the limit', () => {
  it('ends that connection, which is made anew', async () => {
    const codex = new MemoryCodex();
    const { url } = await startWebSocketServer((socket) => {
      const transport = codex.connect();
      socket.on('message', (data: Buffer) => void transport.send(data.toString('utf8')));
      transport.start({ onMessage: (text) => socket.send(text), onOversized() {}, onClose: () => socket.close() });
    });
    const connect = () => WebSocketTransport.connect({ url, maxMessageBytes: 10_000 });
    const conversation = new CodexConversation({ cwd: '/' });
    const { event } = watchEvents(conversation);
    conversation.attach({ transport: await connect(), reconnect: connect });
    void conversation.runReader();
    await conversation.bootstrap();
    await codex.tell('warning', { message: 'x'.repeat(10_001) });
    await event((told) => 'type' in told && told.type === 'x-optio-oversized');
    await event((told) => 'type' in told && told.type === 'x-optio-reconnected');
    expect((await conversation.send('go')).id).toBe('turn-1');
    expect(codex.calls('thread/resume')).toMatchObject([{ threadId: THREAD }]);
  });
});
