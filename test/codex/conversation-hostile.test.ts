import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalMapper } from '../../src/codex/journal.ts';
import { eventBodySchema } from '../../src/contract/event.ts';
import { watchEscaped } from '../support/escaped.ts';
import { anything, maybe, notifications, requests } from '../support/hostile.ts';
import { attachMemoryCodex, settled, startMemoryCodex, THREAD } from '../support/memory-codex.ts';

describe('a codex that says anything', () => {
  it('ends no conversation and escapes no handler', async () => {
    const escaped = watchEscaped();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(notifications, requests, anything), { maxLength: 30 }), async (messages) => {
        const { codex, conversation } = await startMemoryCodex({ conversation: { permissionGate: true } });
        conversation.onPermissionRequest(() => ({ behavior: 'deny', interrupt: true }));
        conversation.onRequest('question', () => Promise.reject(undefined));
        conversation.onRequest('toolCall', () => undefined as never);
        const sent = conversation.send('go', { messageId: 'mine' }).catch(() => {});
        for (const message of messages) await codex.say(message);
        expect([conversation.closed, conversation.endReason, escaped]).toEqual([false, null, []]);
        codex.hangUp();
        await sent;
      }),
      { numRuns: 60 },
    );
  });

  it('writes nothing into a journal that its readers do not know', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(notifications, fc.record({ method: fc.string(), params: anything }))), (told) => {
        const mapper = new JournalMapper(
          () => THREAD,
          () => '/repo',
        );
        for (const event of told.flatMap(({ method, params: sent }) => mapper.map(method, sent))) {
          expect(eventBodySchema.safeParse(event)).toMatchObject({ success: true });
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is answered once for each request, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(requests, { maxLength: 10 }), async (asked) => {
        const { codex, conversation } = await startMemoryCodex();
        for (const [at, request] of asked.entries()) await codex.say({ ...request, id: `r${at}` });
        for (const at of asked.keys()) expect(codex.replies(`r${at}`)).toHaveLength(1);
        expect(conversation.closed).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a conversation goes on', () => {
  it.each<[string, unknown]>([
    ['a turn without an id', { method: 'turn/started', params: { threadId: THREAD, turn: {} } }],
    ['a list that is nested very deep', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['an answer to a call that nobody made', { id: 'nobody’s', result: {} }],
    ['a member named __proto__', '{"method":"warning","params":{"message":"m","__proto__":{"closed":true}}}'],
  ])('after %s', async (_, message) => {
    const escaped = watchEscaped();
    const { codex, conversation } = await startMemoryCodex();
    await codex.say(message);
    const turn = await conversation.send('go');
    await codex.say(message);
    await codex.end(turn.id);
    await expect(turn.completed).resolves.toMatchObject({ status: 'completed' });
    expect(escaped).toEqual([]);
  });

  it('after the end of its own turn with items that are none', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const turn = await conversation.send('go');
    await codex.end(turn.id, { items: { not: 'a list' }, status: 'paused' });
    await expect(turn.completed).resolves.toMatchObject({ status: 'failed', text: '' });
    expect((await conversation.send('again')).id).toBe('turn-2');
  });

  it('after the end of a foreign turn with items that are none while its own is being started', async () => {
    const escaped = watchEscaped();
    const { codex, conversation } = await startMemoryCodex({ answers: { 'turn/start': () => undefined } });
    void conversation.send('go').catch(() => {});
    await codex.end('foreign', { items: { not: 'a list' } });
    codex.hangUp();
    await settled();
    expect(escaped).toEqual([]);
  });

  it('with a text of 32 MiB, of which it keeps every character', async () => {
    const { codex, conversation } = await startMemoryCodex();
    const turn = await conversation.send('go');
    await codex.begin(turn.id);
    await codex.complete(turn.id, { type: 'agentMessage', id: 'm', text: 'ü'.repeat(16 * 1024 * 1024) });
    await codex.end(turn.id);
    expect((await turn.completed).text).toHaveLength(16 * 1024 * 1024);
  });
});

describe('a handshake with a codex that answers anything', () => {
  it('succeeds, or fails with an error of ours', async () => {
    const escaped = watchEscaped();
    const results = fc.record({
      initialize: maybe(fc.record({ userAgent: anything })),
      'account/read': anything,
      'model/list': maybe(fc.record({ data: maybe(fc.array(anything)), nextCursor: anything })),
      'thread/start': maybe(fc.record({ thread: maybe(fc.record({ id: anything })), cwd: anything, model: anything })),
    });
    await fc.assert(
      fc.asyncProperty(results, async (given) => {
        const answers = Object.fromEntries(
          Object.entries(given).map(([method, result]) => [method, () => ({ result })]),
        );
        const { conversation } = attachMemoryCodex({ answers });
        const failure = await conversation.bootstrap().then(
          () => undefined,
          (error: { code?: unknown }) => error,
        );
        if (failure) expect([typeof failure.code, conversation.closed]).toEqual(['string', true]);
        expect(escaped).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});
