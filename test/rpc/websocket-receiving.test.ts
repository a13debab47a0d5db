import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocketTransport } from '../../src/rpc/websocket.ts';
import { until } from '../support/processes.ts';
import { collect } from '../support/receiver.ts';
import { connectWebSocket, startWebSocketServer } from '../support/websocket-server.ts';

describe('WebSocketTransport, receiving', () => {
  it('delivers messages in order, with their size on the wire', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    for (const text of ['"ä"', '2', '']) served.socket.send(text);
    served.socket.close();
    await seen.closed;
    expect(seen.messages).toEqual(['"ä"', '2', '']);
    expect(seen.sizes).toEqual([4, 1, 0]);
  });

  it('keeps what arrives before it is started', async () => {
    const server = await startWebSocketServer((socket) => {
      for (let number = 0; number < 100; number++) socket.send(String(number));
    });
    const transport = await WebSocketTransport.connect({ url: server.url });
    onTestFinished(() => transport.close());
    await new Promise((resolve) => setImmediate(resolve)); // a turn of the loop, in which they could have been lost
    const seen = collect(transport);
    (await server.connected).socket.close();
    await seen.closed;
    expect(seen.messages).toEqual(Array.from({ length: 100 }, (_, number) => String(number)));
  });

  it('puts a message together that comes in many frames', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    served.socket.send('{"a":', { fin: false });
    served.socket.send('[1,2', { fin: false });
    served.socket.send(']}', { fin: true });
    served.socket.close();
    await seen.closed;
    expect(seen.messages).toEqual(['{"a":[1,2]}']);
  });

  it('ends with a message beyond its limit, and tells it', async () => {
    const { transport, served } = await connectWebSocket({ maxMessageBytes: 100 });
    const seen = collect(transport);
    served.socket.send('x'.repeat(100));
    served.socket.send('x'.repeat(101));
    served.socket.send('after');
    await expect(seen.closed).resolves.toMatchObject({ message: expect.stringContaining('Max payload size exceeded') });
    expect(seen.sizes).toEqual([100]);
    expect(seen.oversized).toEqual([100]);
  });
});

describe('WebSocketTransport, the end', () => {
  it('is a clean one when the peer says goodbye', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    served.socket.close(1000, 'done');
    await expect(seen.closed).resolves.toBeUndefined();
  });

  it('carries the code and the words with which the peer ended it', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    served.socket.close(1011, 'too many messages wait');
    await expect(seen.closed).resolves.toMatchObject({
      code: 'connection-closed',
      message: 'the peer dropped the connection (close code 1011: too many messages wait)',
    });
  });

  it('is an error when the peer goes without a word', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    served.socket.terminate();
    await expect(seen.closed).resolves.toMatchObject({ code: 'connection-closed' });
  });

  it('is told also to a receiver that comes after it, as the error that it was', async () => {
    const { transport, served } = await connectWebSocket();
    served.socket.terminate();
    // While nothing is read only a write finds out.
    await until(() =>
      transport.send('{}').then(
        () => false,
        () => true,
      ),
    );
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve)); // the socket closes
    await expect(collect(transport).closed).resolves.toBeInstanceOf(Error);
  });

  it('is told once when we close it, however often', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    transport.close();
    transport.close();
    await expect(seen.closed).resolves.toBeUndefined();
    await until(() => served.socket.readyState === served.socket.CLOSED);
    expect(seen.closes).toBe(1);
  });

  it('comes also when the peer never answers our goodbye', async () => {
    const { transport, served } = await connectWebSocket();
    const seen = collect(transport);
    served.socket.pause();
    transport.close();
    await seen.closed;
    expect(seen.closes).toBe(1);
  });
});
