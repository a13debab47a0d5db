import { describe, expect, it } from 'vitest';
import { CodexClient } from '../../src/codex/client.ts';
import { connectToPeer } from '../support/peer.ts';

const request = { id: 'r', method: 'item/tool/call', params: {} };

describe('CodexClient', () => {
  it('makes calls, and gives their results as they come', async () => {
    const { connection, sent } = connectToPeer(() => ({ result: { data: [], unknown: true } }));
    const result = await new CodexClient(connection).call('model/list', { cursor: null });
    expect(result).toEqual({ data: [], unknown: true });
    expect(sent).toEqual([{ id: 1, method: 'model/list', params: { cursor: null } }]);
  });

  it('gives the words of Codex when it refuses, and keeps to the deadline of a call', async () => {
    const peer = connectToPeer(({ method }) =>
      method === 'model/list' ? { error: { code: -32600, message: 'no' } } : undefined,
    );
    const client = new CodexClient(peer.connection);
    await expect(client.call('model/list', {})).rejects.toMatchObject({
      code: 'call-failed',
      message: expect.stringContaining('no'),
    });
    await expect(client.call('thread/archive', { threadId: 't' }, { deadlineMs: 1 })).rejects.toMatchObject({
      code: 'call-timeout',
    });
  });

  it('answers requests under their own ids, and tells one thing unasked', async () => {
    const { connection, sent } = connectToPeer();
    const client = new CodexClient(connection);
    await client.initialized();
    await client.respond(request, { success: true });
    await client.respond({ ...request, id: 0 }, undefined);
    await client.refuse(request, 'no');
    await connection.notify('last');
    expect(sent.slice(0, 4)).toEqual([
      { method: 'initialized' },
      { id: 'r', result: { success: true } },
      { id: 0, result: null },
      { id: 'r', error: { code: -32601, message: 'no' } },
    ]);
  });
});
