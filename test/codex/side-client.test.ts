import { describe, expect, it } from 'vitest';
import { withSideClient } from '../../src/codex/side-client.ts';
import { createTransportPair } from '../../src/rpc/memory.ts';
import { collect } from '../support/receiver.ts';

/** One connection to a server that answers every call with its method. */
function listen() {
  const [ours, theirs] = createTransportPair();
  const seen = collect({
    ...theirs,
    start: (receiver) =>
      theirs.start({
        ...receiver,
        onMessage(text, bytes) {
          receiver.onMessage(text, bytes);
          const { id, method } = JSON.parse(text) as { id?: number; method: string };
          if (id !== undefined) void theirs.send(JSON.stringify({ id, result: { userAgent: 'x/1.0.0', method } }));
        },
      }),
    send: (text) => theirs.send(text),
    close: () => theirs.close(),
  });
  return { connect: async () => ours, seen, server: theirs };
}

describe('withSideClient', () => {
  it('introduces itself, does the work, and closes the connection', async () => {
    const { connect, seen } = listen();
    const done = await withSideClient(connect, (client) => client.call('thread/read', { threadId: 't' } as never));
    expect(done).toMatchObject({ method: 'thread/read' });
    await seen.closed;
    const methods = seen.messages.map((text) => (JSON.parse(text) as { method: string }).method);
    expect(methods).toEqual(['initialize', 'initialized', 'thread/read']);
  });

  it('closes it when the work fails, and throws what that threw', async () => {
    const { connect, seen } = listen();
    const work = withSideClient(connect, () => Promise.reject(new Error('the work failed')));
    await expect(work).rejects.toThrow('the work failed');
    await seen.closed;
  });

  it('refuses what it is asked, and does not mind what it is told', async () => {
    const { connect, seen, server } = listen();
    await withSideClient(connect, async (client) => {
      await server.send('{"method":"turn/completed"}');
      await server.send('{"id":"r","method":"item/tool/call","params":{}}');
      await client.call('model/list', {});
    });
    expect(seen.messages.map((text) => JSON.parse(text))).toContainEqual({
      id: 'r',
      error: { code: -32601, message: '"item/tool/call" is not supported' },
    });
  });

  it('passes on that there is no connection to be had', async () => {
    const connect = () => Promise.reject(new Error('nobody listens'));
    await expect(withSideClient(connect, async () => 1)).rejects.toThrow('nobody listens');
  });
});
