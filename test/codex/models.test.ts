import { afterEach, describe, expect, it, vi } from 'vitest';
import { CodexClient } from '../../src/codex/client.ts';
import { checkEffort, listModels } from '../../src/codex/models.ts';
import type { Model } from '../../src/codex/protocol/v2/Model.ts';
import { connectToPeer, type SentMessage } from '../support/peer.ts';

afterEach(() => void vi.useRealTimers());

function ask(answer: (call: SentMessage) => object) {
  const peer = connectToPeer((call) => ({ result: answer(call) }));
  return { ...peer, models: listModels(new CodexClient(peer.connection), 60_000) };
}

describe('listModels', () => {
  it('reads all pages', async () => {
    const { models, sent } = ask(({ params }) =>
      (params as { cursor: unknown }).cursor === null
        ? { data: [{ id: 'a' }], nextCursor: 'second' }
        : { data: [{ id: 'b' }], nextCursor: null },
    );
    expect(await models).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(sent.map(({ params }) => params)).toEqual([{ cursor: null }, { cursor: 'second' }]);
  });

  it('stops at a list that has no end', async () => {
    const { models, sent } = ask(() => ({ data: [{ id: 'a' }], nextCursor: 'more' }));
    expect(await models).toHaveLength(20);
    expect(sent).toHaveLength(20);
  });

  it('keeps the pages that have come when the time for all of them is over', async () => {
    vi.useFakeTimers();
    const asked = Promise.withResolvers<void>();
    const peer = connectToPeer(({ params }) => {
      if ((params as { cursor: unknown }).cursor === null) {
        vi.advanceTimersByTime(900);
        return { result: { data: [{ id: 'a' }], nextCursor: 'more' } };
      }
      asked.resolve();
      return undefined;
    });
    const models = listModels(new CodexClient(peer.connection), 1_000);
    await asked.promise;
    await vi.advanceTimersByTimeAsync(100);
    expect(await models).toEqual([{ id: 'a' }]);
  });

  it('keeps the pages before a failure', async () => {
    let pages = 0;
    const peer = connectToPeer(() =>
      pages++ === 0
        ? { result: { data: [{ id: 'a' }], nextCursor: 'more' } }
        : { error: { code: -32600, message: 'no' } },
    );
    expect(await listModels(new CodexClient(peer.connection), 60_000)).toEqual([{ id: 'a' }]);
  });

  it.each([{}, { data: null }, { data: 42 }, { data: [], nextCursor: null }])(
    'has no models in an answer that has none: %j',
    async (answer) => expect(await ask(() => answer).models).toEqual([]),
  );
});

describe('checkEffort', () => {
  const model = {
    id: 'm',
    model: 'm-2026',
    supportedReasoningEfforts: [{ reasoningEffort: 'low' }, { reasoningEffort: 'high' }],
  } as Model;

  it.each(['m', 'm-2026'])('refuses an effort that the model %s does not take, and says which it does', (id) => {
    expect(() => checkEffort([model], id, 'ludicrous')).toThrow(
      expect.objectContaining({ code: 'invalid-input', remedy: 'Choose one of low, high.' }),
    );
  });

  it('lets pass what the model takes, none at all, and any with a model that the list does not have', () => {
    for (const [id, effort] of [
      ['m', 'high'],
      ['m', undefined],
      ['mine', 'ludicrous'],
      [null, 'ludicrous'],
    ] as const) {
      expect(() => checkEffort([model], id, effort)).not.toThrow();
    }
  });
});
