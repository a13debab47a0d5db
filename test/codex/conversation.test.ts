import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CodexConversation } from '../../src/codex/conversation.ts';
import { notification } from '../support/events.ts';
import { failureOf } from '../support/failure.ts';
import { startFake } from '../support/fake-codex.ts';
import { attachMemoryCodex, settled, startMemoryCodex } from '../support/memory-codex.ts';

afterEach(() => void vi.useRealTimers());

const ANSWER = { type: 'agentMessage', id: 'm', text: 'answer', phase: null };
const isOwn = (type: string) => (event: object) => 'type' in event && event.type === type;

describe('CodexConversation', () => {
  it('refuses a process without standard streams, and says how to start one', () => {
    const conversation = new CodexConversation({ cwd: '/' });
    expect(() => conversation.attach({ stdin: null, stdout: new PassThrough() })).toThrow(
      expect.objectContaining({ code: 'invalid-input', remedy: expect.stringContaining('stdio') }),
    );
  });

  it('refuses what comes in the wrong order', async () => {
    const conversation = new CodexConversation({ cwd: '/' });
    expect(() => conversation.runReader()).toThrow(expect.objectContaining({ code: 'conversation-not-ready' }));
    await expect(conversation.bootstrap()).rejects.toMatchObject({ code: 'conversation-not-ready' });
    await expect(conversation.send('hello')).rejects.toMatchObject({ code: 'conversation-not-ready' });
    await expect(conversation.interrupt(), 'there is nothing to interrupt').resolves.toBeUndefined();
    expect(() => conversation.requestModelChange('m')).toThrow(
      expect.objectContaining({ code: 'conversation-not-ready' }),
    );
    expect([conversation.threadId, conversation.serverInfo, conversation.currentModelId, conversation.closed]).toEqual([
      null,
      null,
      null,
      false,
    ]);
  });

  it('sends the model and the effort again with the next turn when a turn with them was refused', async () => {
    const refused = () => ({ error: { code: -32600, message: 'no' } });
    const { codex, conversation } = await startMemoryCodex({
      answers: { 'turn/start': refused },
      conversation: { reasoningEffort: 'high' },
    });
    conversation.requestModelChange('m2');
    await expect(conversation.send('go')).rejects.toMatchObject({ code: 'turn-rejected' });
    codex.answers = {};
    for (const turnId of ['turn-1', 'turn-2']) {
      await conversation.send('go');
      await codex.end(turnId);
    }
    const said = codex.calls('turn/start').map((params) => {
      const { model, effort } = params as { model?: string; effort?: string };
      return [model, effort];
    });
    const both = ['m2', 'high'];
    expect(said).toEqual([both, both, [undefined, undefined]]);
  });

  it('refuses a schema for a message that goes into a running turn, whose answer follows its own', async () => {
    const { codex, conversation } = await startMemoryCodex();
    await expect(conversation.send('go', { steer: true, outputSchema: {} })).rejects.toMatchObject({
      code: 'invalid-input',
      details: { field: 'outputSchema', remedy: expect.stringContaining('steer') },
    });
    expect([codex.calls('turn/start'), codex.calls('turn/steer'), conversation.isPending()]).toEqual([[], [], false]);
  });

  it('goes on through noise of every kind, tells each, and refuses what it does not know', async () => {
    const { conversation, events, child } = startFake(['talks-nonsense']);
    await conversation.bootstrap();
    const wasRefused = new Promise<void>((resolve) =>
      child.stderr.on('data', (text) => String(text).includes('was refused') && resolve()),
    );
    await expect((await conversation.send('go')).completed).resolves.toMatchObject({
      status: 'completed',
      text: 'answer',
    });
    const own = events.flatMap((event) => ('type' in event ? [event] : []));
    expect(own).toEqual([
      { type: 'x-optio-unparseable', line: 'Hello, I am a log line' },
      { type: 'x-optio-unparseable', line: '\u0000\u0001' },
      { type: 'x-optio-unexpected', value: [1, 2, 3] },
      { type: 'x-optio-unexpected', value: 42 },
      { type: 'x-optio-unexpected', value: null },
      { type: 'x-optio-unexpected', value: { neither: 'method nor result' } },
      { type: 'x-optio-unanswered', method: 'something/asked', id: 7 },
    ]);
    expect(events).toContainEqual({ id: 999_999, result: 'for nobody' });
    expect(events.some(notification('something/new' as never))).toBe(true);
    await wasRefused;
  });

  it('knows a turn whose end comes before the answer to its start', async () => {
    const answer = Promise.withResolvers<{ result: unknown }>();
    const { codex, conversation } = await startMemoryCodex({ answers: { 'turn/start': () => answer.promise } });
    const told: unknown[] = [];
    conversation.onMessage((text, { ours }) => told.push([text, ours]));
    const sent = conversation.send('go');
    await codex.begin('early');
    await codex.complete('early', ANSWER);
    await codex.end('early');
    answer.resolve({ result: { turn: { id: 'early' } } });
    await expect((await sent).completed).resolves.toMatchObject({ text: 'answer' });
    expect(told).toEqual([['answer', true]]);
    expect(conversation.isPending()).toBe(false);
  });

  it('follows its message into somebody else’s turn, instead of waiting for a turn that never comes', async () => {
    const answer = Promise.withResolvers<{ result: unknown }>();
    const { codex, conversation } = await startMemoryCodex({ answers: { 'turn/start': () => answer.promise } });
    const sent = conversation.send('go', { messageId: 'my-message' });
    await codex.begin('foreign');
    answer.resolve({ result: { turn: { id: 'never' } } });
    const turn = await sent;
    await codex.start('foreign', { type: 'userMessage', id: 'u1', clientId: 'my-message', content: [] });
    await codex.end('foreign');
    await expect(turn.completed).resolves.toMatchObject({ id: 'foreign', status: 'completed' });
    expect(conversation.isPending()).toBe(false);
    codex.answers = {};
    expect((await conversation.send('again')).id).toBe('turn-1');
  });

  it('makes calls again that an overloaded codex refused', async () => {
    const { conversation } = startFake(['is-overloaded']);
    await conversation.bootstrap();
    expect(conversation.threadId).toBe('thread-1');
  });

  it('does without a model list that never comes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { conversation } = attachMemoryCodex({ answers: { 'model/list': () => undefined } });
    const ready = conversation.bootstrap();
    await settled();
    vi.advanceTimersByTime(60_000);
    await ready;
    expect(conversation.modelList.data).toEqual([]);
  });

  it('does not follow a model list that has no end', async () => {
    const more = () => ({ result: { data: [{ id: 'm' }], nextCursor: 'more' } });
    const { conversation } = await startMemoryCodex({ answers: { 'model/list': more } });
    expect(conversation.modelList.data).toHaveLength(20);
  });

  it('rejects a message whose answer is lost, and keeps nothing waiting', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const { conversation } = await startMemoryCodex({ answers: { 'turn/start': () => undefined } });
    const failure = failureOf(conversation.send('go'));
    await settled();
    vi.advanceTimersByTime(60_000);
    expect(await failure).toMatchObject({ code: 'call-timeout' });
    expect(conversation.isPending()).toBe(false);
  });

  it('reads a flood on stderr to its end, and keeps the last of it for the end', async () => {
    const { conversation, child, reader, events } = startFake(['floods-stderr']);
    await conversation.bootstrap();
    child.stdin.end();
    await reader;
    expect(events.at(-1)).toMatchObject({ type: 'x-optio-closed', exitCode: 0, stderr: expect.stringMatching(/^e+$/) });
  });

  it('throws what a failing write throws, and ends', async () => {
    const { conversation, child, reader } = startFake([]);
    await conversation.bootstrap();
    child.stdin.destroy();
    await expect(conversation.send('go')).rejects.toMatchObject({ code: expect.stringMatching(/closed/) });
    await reader;
    expect(conversation.closed).toBe(true);
  });

  it('keeps a subscriber that throws, or that waits for ever, from everybody else', async () => {
    const { codex, conversation } = attachMemoryCodex();
    conversation.onEvent(() => new Promise(() => {}));
    conversation.onEvent(() => {
      throw new Error('a broken subscriber');
    });
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve));
    await conversation.bootstrap();
    const turn = await conversation.send('go');
    await codex.complete(turn.id, ANSWER);
    await codex.end(turn.id);
    await expect(turn.completed).resolves.toMatchObject({ text: 'answer' });
    await expect(warned).resolves.toMatchObject({ message: 'a broken subscriber' });
  });

  it('tells the end last, also to a subscriber that came after the thread was there', async () => {
    const { conversation, child, reader, events } = startFake([]);
    await conversation.bootstrap();
    child.kill('SIGKILL');
    await reader;
    expect(events.filter(isOwn('x-optio-closed'))).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ type: 'x-optio-closed', exitCode: null, signal: 'SIGKILL' });
  });
});
